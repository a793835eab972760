// Summarizes a row of logits for sampling.
#pragma once
#include <algorithm>
#include <cmath>

#include "functions.h"

namespace RWKV_ISA {

// Lower exponents are raised to this one. e^-87 is a tiny normal float, which adds nothing to a sum that contains e^0.
constexpr float kLeast = -87.0f;

// Calls `use` with all numbers, sixteen at a time. The last vector is padded with -infinity.
template <typename Use> INLINE void for_each_sixteen(const float *x, size_t count, Use use) {
    const size_t whole = count / kLanes * kLanes;
    for (size_t i = 0; i < whole; i += kLanes) use(load(x + i));
    if (whole == count) return;
    float last[kLanes];
    std::fill(last, last + kLanes, -INFINITY);
    std::copy(x + whole, x + count, last);
    use(load(last));
}

static Summary summarize(const float *x, size_t count) {
    lanes largest = all(-INFINITY);
    for_each_sixteen(x, count, [&](const lanes &v) { largest = max(v, largest); }); // max ignores a NaN in v
    const float maximum = reduce_max(largest);
    const size_t top = std::find(x, x + count, maximum) - x;
    lanes total = all(0), weighted = all(0);
    for_each_sixteen(x, count, [&](const lanes &v) {
        const lanes below = max(v - maximum, all(kLeast));
        const lanes part = exp(below);
        total = total + part;
        weighted = fma(part, below, weighted);
    });
    const double whole = sum(total), log_whole = std::log(whole);
    return {top == count ? 0 : top, maximum + log_whole, log_whole - sum(weighted) / whole};
}

} // namespace RWKV_ISA
