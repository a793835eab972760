// The arithmetic of the engine: a table of functions for each instruction set. The tables' results differ only by
// rounding. No function allocates, throws or uses threads. `width` and `count` are multiples of 16, unless a comment
// says otherwise.
#pragma once
#include <cstddef>
#include <cstdint>

#include "half_precision.h"

constexpr int kPanel = 16;     // outputs that are computed together
constexpr int kGroup = 32;     // inputs that share a scale
constexpr int kHeadSize = 64;  // head size N of RWKV-7

// A matrix [out, in]. Its outputs are divided into panels of sixteen; the last panel is padded with zeros. Four panels
// form a block; one to three remaining panels are blocks of their own. For each input, a block contains the sixteen
// weights of each of its panels.
template <typename Stored> struct PlainMatrix {
    int in, out;
    const Stored *blocks;
};

// A matrix like PlainMatrix, but with 8-bit or 4-bit weights. For each group of 32 inputs, a block contains 16 scales
// per panel, and then the group's weights in runs of 64 bytes per panel. A run has 16 rows of 4 inputs in 8 bits, with
// 128 added to each, or 16 rows of 8 inputs in 4 bits, with 8 added to each: the first 4 inputs in the lower nibbles,
// the next 4 in the upper ones. In this order, kernels read the memory sequentially when they decode a token.
struct PackedMatrix {
    int in, out;
    const uint8_t *blocks;
};

// Inputs in 8 bits: values [T, in], scales [T, in / 32] and the sum of each group's values [T, in / 32].
struct QuantizedRows {
    const int8_t *values;
    const float *scales;
    const int32_t *sums;
};

// Parameters of RWKV-7's time-mix, each [C].
struct TimeMix7 {
    const float *w0, *a0, *v0, *k_k, *k_a, *r_k, *ln_weight, *ln_bias;
    float ln_eps;
};

// Inputs of RWKV-7's time-mix, each [T, C]. first and nu are null in the first layer. v is replaced by the mixed value.
struct TimeMix7Rows {
    const float *r, *k;
    float *v;
    const float *first, *w, *a, *nu, *g;
};

// Parameters of the time-mix of RWKV-5 and 6, each [C]. The head size is a multiple of 16. If TimeMix5Rows has w, as in
// RWKV-6, the decay factor is exp(-exp(decay + w)); otherwise it is `decay`.
struct TimeMix5 {
    const float *decay, *bonus, *ln_weight, *ln_bias;
    float ln_eps;
    int width, head_size;
};

// Inputs of the time-mix of RWKV-5 and 6, each [T, C]. w and the gate g may be null.
struct TimeMix5Rows {
    const float *r, *k, *v, *w, *g;
};

// Inputs of RWKV-4's WKV: k and v are [T, C]; decay, which is -exp(time_decay), and bonus are [C].
struct Wkv4 {
    const float *k, *v, *decay, *bonus;
    int width;
};

// Properties of a row of numbers x: the index of the largest one, log Σ e^x, and the entropy of the distribution
// e^x / Σ e^x in nats.
struct Summary {
    size_t top;
    double log_sum, entropy;
};

struct Kernels {
    const char *name;
    // y = x Wᵀ for T tokens; ldx and ldy are the strides of the rows. Outputs are written up to the next multiple of
    // 16.
    void (*multiply_floats)(const PlainMatrix<float> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_bf16)(const PlainMatrix<Bf16> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_fp16)(const PlainMatrix<Fp16> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_int8)(const PackedMatrix &, const QuantizedRows &, int tokens, float *y, size_t ldy);
    void (*multiply_int4)(const PackedMatrix &, const QuantizedRows &, int tokens, float *y, size_t ldy);
    // `count` is a multiple of 32.
    void (*quantize)(const float *x, int count, int8_t *values, float *scales, int32_t *sums);
    void (*layer_norm)(const float *x, const float *weight, const float *bias, int width, float *y);
    // y = a + (b - a) * share
    void (*interpolate)(const float *a, const float *b, const float *share, int width, float *y);
    void (*add)(const float *x, size_t count, float *y);
    void (*tanh)(size_t count, float *x);
    void (*sigmoid)(size_t count, float *x);
    void (*relu_squared)(size_t count, float *x);
    void (*multiply)(const float *x, size_t count, float *y);
    // NaN counts as -infinity. `count` need not be a multiple of 16.
    Summary (*summarize)(const float *x, size_t count);
    // Computes one head for T tokens. Updates `state` [N (key), N (value)]; y is [T, C].
    void (*time_mix7)(const TimeMix7 &, const TimeMix7Rows &, int tokens, int width, int head, float *state, float *y);
    void (*time_mix5)(const TimeMix5 &, const TimeMix5Rows &, int tokens, int head, float *state, float *y);
    // Computes RWKV-4's WKV for the channels [first, last). Updates `state`, which is aa, bb, pp [3, C]; y is [T, C].
    void (*wkv4)(const Wkv4 &, int tokens, int first, int last, float *state, float *y);
};

// Returns one of the tables that this machine supports. Index 0 is the plain table; the highest index is the fastest
// one. Returns null for a higher index.
const Kernels *kernels_at(int index);
