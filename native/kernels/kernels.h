// The arithmetic of the engine, as a table of functions: one table for each instruction set; their results differ by
// rounding alone. No function allocates, throws or knows of threads. Widths of rows are multiples of 16 floats.
#pragma once
#include <cstddef>
#include <cstdint>

constexpr int kPanel = 16;     // outputs that are computed side by side
constexpr int kGroup = 32;     // inputs that share a scale
constexpr int kHeadSize = 64;  // N of RWKV-7

// weight [out, in] as panels of 16 outputs: [out / 16][in][16], the last panel filled up with zeros.
struct FloatMatrix {
    int in, out;
    const float *panels;
};

// The same in 8 bits: blocks of four panels while there are four, then of one; a block is, group by group of 32 inputs,
// 16 scales for each of its panels, then 8 times for each panel 16 rows of 4 inputs, each weight
// plus 128. One stream from start to end.
struct Int8Matrix {
    int in, out;
    const uint8_t *blocks;
};

// Rows of inputs in 8 bits: values [T, in], scales [T, in / 32], sums of the values of each group [T, in / 32].
struct QuantisedRows {
    const int8_t *values;
    const float *scales;
    const int32_t *sums;
};

// What RWKV-7's time-mix takes besides the products, each [C].
struct TimeMix7 {
    const float *w0, *a0, *v0, *k_k, *k_a, *r_k, *ln_weight, *ln_bias;
};

// Its products, each [T, C]; first and nu are null in the first layer. v is changed to the value that was used.
struct TimeMix7Rows {
    const float *r, *k;
    float *v;
    const float *first, *w, *a, *nu, *g;
};

// What RWKV-4's WKV takes: k, v [T, C]; decay, which is -exp(time_decay), and bonus [C].
struct Wkv4 {
    const float *k, *v, *decay, *bonus;
    int width;
};

struct Kernels {
    const char *name;
    // y [T, ldy] = x [T, ldx] times the matrix; outputs up to the next multiple of 16 are written.
    void (*multiply_floats)(const FloatMatrix &, const float *x, size_t ldx, int tokens, float *y, size_t ldy);
    void (*multiply_int8)(const Int8Matrix &, const QuantisedRows &, int tokens, float *y, size_t ldy);
    void (*quantise)(const float *x, int count, int8_t *values, float *scales, int32_t *sums);
    void (*layer_norm)(const float *x, const float *weight, const float *bias, int width, float *y);
    // y = a + (b - a) * share
    void (*interpolate)(const float *a, const float *b, const float *share, int width, float *y);
    void (*add)(const float *x, size_t count, float *y);
    void (*tangent)(size_t count, float *x);
    void (*sigmoid)(size_t count, float *x);
    void (*relu_squared)(size_t count, float *x);
    void (*multiply)(const float *x, size_t count, float *y);
    // One head over T tokens; state [N (key), N (value)] is read and replaced; y [T, C].
    void (*time_mix7)(const TimeMix7 &, const TimeMix7Rows &, int tokens, int width, int head, float *state, float *y);
    // RWKV-4's WKV for the channels from `first` up to `last`; state aa, bb, pp [3, C] is read and replaced; y [T, C].
    void (*wkv4)(const Wkv4 &, int tokens, int first, int last, float *state, float *y);
};

// The tables that were compiled in, the best that this machine runs last; null past the end.
const Kernels *kernels_at(int index);
