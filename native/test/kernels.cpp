// Tests all kernels of all tables that this machine supports, on random shapes. Most kernels are compared with plain
// loops in double precision. Prints the largest difference per table and kernel; exits with 1 if one is too large.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../engine/weights.h"
#include "numbers.h"
#include "recurrences.h"

namespace {

double multiply_floats(const Kernels &kernels) {
    const int in = random_integer(1, 200), out = random_integer(1, 150), tokens = random_integer(1, 9);
    const Floats weights = random_floats((size_t)in * out), x = random_floats((size_t)in * tokens);
    Arena arena;
    Matrix matrix(TensorView::Kind::floats, in, out, arena);
    matrix.pack_transposed(weights.data());
    Floats y(padded(out) * tokens);
    kernels.multiply_floats(matrix.plain<float>(0, matrix.blocks()), x.data(), in, tokens, y.data(), padded(out));
    std::vector<double> expected(y.size());
    for (int t = 0; t < tokens; t++)
        for (int o = 0; o < out; o++)
            for (int i = 0; i < in; i++) expected[t * padded(out) + o] += (double)weights[(size_t)i * out + o] * x[t * in + i];
    return difference(y, expected);
}

Bf16 shortened(float value, Bf16) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return {(uint16_t)(bits >> 16)};
}

// Random bits, including zeros, denormals and large numbers, but neither NaN nor infinity.
Fp16 shortened(float value, Fp16) {
    const Bf16 some = shortened(value, Bf16());
    return {(uint16_t)(some.bits * 40503u % 0x7c00 | (some.bits & 0x8000))};
}

// The result must equal that of multiply_floats with the converted weights, bit for bit.
template <typename Stored, TensorView::Kind kind, auto multiply> double multiply_short(const Kernels &kernels) {
    const int in = random_integer(1, 200), out = random_integer(1, 150), tokens = random_integer(1, 9);
    const Floats x = random_floats((size_t)in * tokens);
    Floats weights = random_floats((size_t)in * out);
    std::vector<Stored> stored(weights.size());
    for (size_t i = 0; i < weights.size(); i++) stored[i] = shortened(weights[i], Stored()), weights[i] = to_float(stored[i]);
    Arena arena;
    Matrix matrix(kind, in, out, arena), floats(TensorView::Kind::floats, in, out, arena);
    matrix.pack_transposed(stored.data()), floats.pack_transposed(weights.data());
    Floats y(padded(out) * tokens), expected(y.size());
    (kernels.*multiply)(matrix.plain<Stored>(0, matrix.blocks()), x.data(), in, tokens, y.data(), padded(out));
    kernels.multiply_floats(floats.plain<float>(0, floats.blocks()), x.data(), in, tokens, expected.data(), padded(out));
    return y == expected ? 0 : 1;
}

// Multiplies by a quantized matrix with weights of `bits` bits; `plain` has the same weights as integers.
double multiply_packed(const Kernels &kernels, int bits) {
    const int groups = random_integer(1, 6), in = groups * kGroup, out = random_integer(1, 150), tokens = random_integer(1, 9);
    const int worst = bits == 8 ? 127 : 7;
    std::vector<int> plain((size_t)in * out);
    for (int &weight : plain) weight = random_integer(-worst - 1, worst);
    std::vector<uint8_t> stored(plain.size() * bits / 8);
    for (size_t i = 0; i < plain.size(); i++) {
        if (bits == 8)
            stored[i] = (uint8_t)plain[i];
        else
            stored[i / 2] |= (uint8_t)((plain[i] + 8) << (i % 2 * 4));
    }
    std::vector<int8_t> values((size_t)in * tokens);
    const Floats scales = random_floats((size_t)out * groups, 0, 0.01f), x = random_floats((size_t)in * tokens, -3, 3);
    const auto kind = bits == 8 ? TensorView::Kind::int8 : TensorView::Kind::int4;
    Arena arena;
    Matrix matrix(kind, in, out, arena);
    // The matrix is packed in two calls if it has more than one block.
    const int first = out > kBlock ? kBlock : out, weight_bytes = in * bits / 8;
    matrix.pack(0, {kind, first, in, stored.data(), scales.data()});
    if (first < out)
        matrix.pack(first, {kind, out - first, in, stored.data() + first * weight_bytes, scales.data() + first * groups});
    Floats x_scales((size_t)groups * tokens), y(padded(out) * tokens);
    std::vector<int32_t> sums((size_t)groups * tokens);
    kernels.quantize(x.data(), in * tokens, values.data(), x_scales.data(), sums.data());
    const auto multiply = bits == 8 ? kernels.multiply_int8 : kernels.multiply_int4;
    multiply(matrix.packed(0, matrix.blocks()), {values.data(), x_scales.data(), sums.data()}, tokens, y.data(), padded(out));
    std::vector<double> expected(y.size());
    for (int t = 0; t < tokens; t++)
        for (int o = 0; o < out; o++)
            for (int i = 0; i < in; i++) {
                double scale = (double)scales[(size_t)o * groups + i / kGroup] * x_scales[t * groups + i / kGroup];
                expected[t * padded(out) + o] += scale * plain[(size_t)o * in + i] * values[t * in + i];
            }
    return difference(y, expected);
}

double multiply_int8(const Kernels &kernels) { return multiply_packed(kernels, 8); }
double multiply_int4(const Kernels &kernels) { return multiply_packed(kernels, 4); }

// Each value is within half a step of its input, extremes become ±127, and the sums are exact. Zeros and tiny inputs
// become zeros.
double quantize(const Kernels &kernels) {
    const int groups = random_integer(2, 8), count = groups * kGroup;
    Floats x = random_floats(count, -5, 5), scales(groups);
    for (int i = 0; i < kGroup; i++) x[i] = 0;
    for (int i = kGroup; i < 2 * kGroup; i++) x[i] *= 1e-38f;
    std::vector<int8_t> values(count);
    std::vector<int32_t> sums(groups);
    kernels.quantize(x.data(), count, values.data(), scales.data(), sums.data());
    double worst = 0;
    for (int g = 0; g < groups; g++) {
        int sum = 0, largest = 0;
        for (int i = g * kGroup; i < (g + 1) * kGroup; i++) {
            sum += values[i];
            largest = std::max(largest, std::abs(values[i]));
            worst = larger(worst, std::fabs(values[i] * scales[g] - x[i]) - scales[g] * 0.5001);
        }
        if (sum != sums[g] || largest != (g < 2 ? 0 : 127)) worst = 1;
    }
    return worst;
}

double rows(const Kernels &kernels) {
    const int width = random_integer(1, 20) * kPanel;
    const Floats x = random_floats(width, -4, 4), b = random_floats(width), share = random_floats(width, 0, 1);
    Floats norm(width), mixed(width), tanhs = x, gate = x, squared = x, product = x, total = x;
    kernels.layer_norm(x.data(), b.data(), share.data(), width, norm.data());
    kernels.interpolate(x.data(), b.data(), share.data(), width, mixed.data());
    kernels.tanh(width, tanhs.data());
    kernels.sigmoid(width, gate.data());
    kernels.relu_squared(width, squared.data());
    kernels.multiply(b.data(), width, product.data());
    kernels.add(b.data(), width, total.data());
    double mean = 0, variance = 0, worst = 0;
    for (float value : x) mean += value / (double)width;
    for (float value : x) variance += (value - mean) * (value - mean) / width;
    for (int i = 0; i < width; i++) {
        const double expected[] = {(x[i] - mean) / std::sqrt(variance + 1e-5) * b[i] + share[i],
                                   x[i] + ((double)b[i] - x[i]) * share[i],
                                   std::tanh((double)x[i]),
                                   sigmoid(x[i]),
                                   x[i] > 0 ? (double)x[i] * x[i] : 0,
                                   (double)x[i] * b[i],
                                   (double)x[i] + b[i]};
        const float ours[] = {norm[i], mixed[i], tanhs[i], gate[i], squared[i], product[i], total[i]};
        for (int k = 0; k < 7; k++) worst = larger(worst, difference(ours[k], expected[k]));
    }
    return worst;
}

// Logits with a wide or narrow spread; some are minus infinity or NaN.
double summarize(const Kernels &kernels) {
    const int count = random_integer(1, 3000), best = random_integer(0, count - 1);
    const float spread = std::pow(10.0f, between(-1, 2.5f));
    Floats x = random_floats(count, -spread, spread);
    for (int i = 0; i < count; i += 7) x[i] = i % 2 == 0 ? -INFINITY : NAN;
    x[best] = spread * 1.1f;
    double total = 0, weighted = 0;
    for (float value : x) {
        if (!(value > -INFINITY)) continue;
        const double below = (double)value - x[best];
        total += std::exp(below), weighted += std::exp(below) * below;
    }
    const Summary found = kernels.summarize(x.data(), count);
    if (found.top != (size_t)best) return 1;
    const double entropy = std::log(total) - weighted / total;
    return larger(std::fabs(found.log_sum - (x[best] + std::log(total))) / std::fmax(1, spread), std::fabs(found.entropy - entropy));
}

} // namespace

int main() {
    const struct {
        const char *name;
        double (*measure)(const Kernels &);
        double bound;
    } cases[] = {
        {"multiply_floats", multiply_floats, 1e-5},
        {"multiply_bf16", multiply_short<Bf16, TensorView::Kind::bf16, &Kernels::multiply_bf16>, 0},
        {"multiply_fp16", multiply_short<Fp16, TensorView::Kind::fp16, &Kernels::multiply_fp16>, 0},
        {"multiply_int8", multiply_int8, 1e-5},
        {"multiply_int4", multiply_int4, 1e-5},
        {"quantize", quantize, 1e-6},
        {"rows", rows, 1e-5},
        {"summarize", summarize, 1e-5},
        {"time_mix7", time_mix7, 1e-3},
        {"time_mix5", time_mix5, 1e-3},
        {"wkv4", wkv4, 1e-4},
    };
    int failed = 0, passed = 0;
    for (int i = 0; kernels_at(i) != nullptr; i++)
        for (const auto &[name, measure, bound] : cases) {
            double worst = 0;
            for (int shape = 0; shape < 40; shape++) worst = larger(worst, measure(*kernels_at(i)));
            const bool is_good = worst <= bound;
            (is_good ? passed : failed)++;
            printf("%s %s, %s: within %.1e\n", is_good ? "ok" : "not ok", kernels_at(i)->name, name, worst);
        }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
