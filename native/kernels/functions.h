// Elementwise functions on vectors of sixteen numbers, and reductions of such a vector to one number.
#pragma once
#include "lanes.h"

namespace RWKV_ISA {

// Reduces sixteen numbers to one, in the same order on every machine. `join` combines two vectors of four.
template <typename Number, typename Join> INLINE Number reduce(const sixteen<Number> &v, Join join) {
    typedef Number four __attribute__((vector_size(16)));
    four quarter[4];
    memcpy(quarter, &v, sizeof quarter);
    const four q = join(join(quarter[0], quarter[2]), join(quarter[1], quarter[3]));
    const four halves = join(q, four{q[2], q[3], q[0], q[1]});
    return join(halves, four{halves[1], halves[0], halves[3], halves[2]})[0];
}

template <typename Number> INLINE Number sum(const sixteen<Number> &v) {
    return reduce(v, [](auto a, auto b) { return a + b; });
}

INLINE float reduce_max(const lanes &v) {
    return reduce(v, [](auto a, auto b) { return a > b ? a : b; });
}

// 2^n for integers n.
INLINE lanes power_of_two(const lanes &exponents) {
    lanes v;
    EACH_REGISTER {
        ints::part exponent = (__builtin_convertvector(exponents.p[n], ints::part) + 127) << 23;
        memcpy(&v.p[n], &exponent, sizeof exponent);
    }
    return v;
}

// e^x with an error of at most 2 units in the last place. x is clamped so that the result is a normal float.
INLINE lanes exp(lanes x) {
    x = min(max(x, all(-87.0f)), all(88.0f));
    // x = n ln 2 + f. Adding and subtracting 1.5 * 2^23 rounds n.
    lanes n = (x * 1.44269504088896f + 12582912.0f) - 12582912.0f;
    lanes f = fma(n, all(-0.693359375f), x);
    f = fma(n, all(2.12194440e-4f), f);
    lanes p = fma(all(1.9875691500e-4f), f, all(1.3981999507e-3f));
    p = fma(p, f, all(8.3334519073e-3f));
    p = fma(p, f, all(4.1665795894e-2f));
    p = fma(p, f, all(1.6666665459e-1f));
    p = fma(p, f, all(5.0000001201e-1f));
    return (fma(p, f * f, f) + 1.0f) * power_of_two(n);
}

INLINE lanes sigmoid(const lanes &x) { return 1.0f / (1.0f + exp(x * -1.0f)); }

INLINE lanes tanh(const lanes &x) { return 2.0f * sigmoid(2.0f * x) - 1.0f; }

} // namespace RWKV_ISA
