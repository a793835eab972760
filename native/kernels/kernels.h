// The arithmetic of the engine, as a table of functions: one table for each instruction set; their results differ by
// rounding alone. No function allocates, throws or knows of threads. Widths of rows are multiples of 16 floats.
#pragma once
#include <cstddef>
#include <cstdint>

#include "half_precision.h"

constexpr int kPanel = 16;     // outputs that are computed side by side
constexpr int kGroup = 32;     // inputs that share a scale
constexpr int kHeadSize = 64;  // N of RWKV-7

// weight [out, in], each panel filled up with zeros, as blocks of four panels while there are four, then of one: input
// after input the sixteen weights of each panel of the block.
template <typename Stored> struct PlainMatrix {
    int in, out;
    const Stored *blocks;
};

// The same in 8 or 4 bits: a block is, group by group of 32
// inputs, 16 scales for each of its panels, then time after time for each panel 64 bytes. Those are 16 rows of 4 inputs in
// 8 bits, each plus 128; or in 4 bits, each plus 8: 4 inputs in the lower halves, the next 4 in the upper ones. One stream
// from start to end.
struct PackedMatrix {
    int in, out;
    const uint8_t *blocks;
};

// Rows of inputs in 8 bits: values [T, in], scales [T, in / 32], sums of the values of each group [T, in / 32].
struct QuantizedRows {
    const int8_t *values;
    const float *scales;
    const int32_t *sums;
};

// What RWKV-7's time-mix takes besides the products, each [C].
struct TimeMix7 {
    const float *w0, *a0, *v0, *k_k, *k_a, *r_k, *ln_weight, *ln_bias;
    float ln_eps;
};

// Its products, each [T, C]; first and nu are null in the first layer. v is changed to the value that was used.
struct TimeMix7Rows {
    const float *r, *k;
    float *v;
    const float *first, *w, *a, *nu, *g;
};

// What the time-mix of RWKV-5 and 6 takes besides the products, each [C]; heads are a multiple of 16 wide. With products
// [T, C] for the decay it is exp(-exp(decay + w)), otherwise the decay is what is multiplied by.
struct TimeMix5 {
    const float *decay, *bonus, *ln_weight, *ln_bias;
    float ln_eps;
    int width, head_size;
};

// Its products, each [T, C]; w and the gate g may be null.
struct TimeMix5Rows {
    const float *r, *k, *v, *w, *g;
};

// What RWKV-4's WKV takes: k, v [T, C]; decay, which is -exp(time_decay), and bonus [C].
struct Wkv4 {
    const float *k, *v, *decay, *bonus;
    int width;
};

struct Kernels {
    const char *name;
    // y [T, ldy] = x [T, ldx] times the matrix; outputs up to the next multiple of 16 are written.
    void (*multiply_floats)(const PlainMatrix<float> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_bf16)(const PlainMatrix<Bf16> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_fp16)(const PlainMatrix<Fp16> &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_int8)(const PackedMatrix &, const QuantizedRows &, int tokens, float *y, size_t ldy);
    void (*multiply_int4)(const PackedMatrix &, const QuantizedRows &, int tokens, float *y, size_t ldy);
    void (*quantize)(const float *x, int count, int8_t *values, float *scales, int32_t *sums);
    void (*layer_norm)(const float *x, const float *weight, const float *bias, int width, float *y);
    // y = a + (b - a) * share
    void (*interpolate)(const float *a, const float *b, const float *share, int width, float *y);
    void (*add)(const float *x, size_t count, float *y);
    void (*tanh)(size_t count, float *x);
    void (*sigmoid)(size_t count, float *x);
    void (*relu_squared)(size_t count, float *x);
    void (*multiply)(const float *x, size_t count, float *y);
    // One head over T tokens; state [N (key), N (value)] is read and replaced; y [T, C].
    void (*time_mix7)(const TimeMix7 &, const TimeMix7Rows &, int tokens, int width, int head, float *state, float *y);
    void (*time_mix5)(const TimeMix5 &, const TimeMix5Rows &, int tokens, int head, float *state, float *y);
    // RWKV-4's WKV for the channels from `first` up to `last`; state aa, bb, pp [3, C] is read and replaced; y [T, C].
    void (*wkv4)(const Wkv4 &, int tokens, int first, int last, float *state, float *y);
};

// The tables that were compiled in, the best that this machine runs last; null past the end.
const Kernels *kernels_at(int index);
