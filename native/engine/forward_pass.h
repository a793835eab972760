// One run: some tokens on their way through the layers, and the steps that all versions are made of. Each step is shared
// among the threads of a team, and done when its function returns.
#pragma once
#include "model.h"

// Rows of inputs as matrices take them: as floats, and rounded to 8 bits.
struct Rows {
    Rows() = default;
    Rows(int count, size_t width);
    float *at(size_t offset = 0) { return floats_in(floats) + offset; }
    QuantizedRows rounded() const;
    AlignedBuffer floats, values, scales, sums;
};

// What one run writes on its way: as many rows as it may have tokens.
struct Workspace {
    Workspace(const Sizes &sizes, int max_rank);
    AlignedBuffer x, normed, first, product[8], low[4];
    Rows mixed[6], y, wide;
};

// What becomes of a product, each part of it where it was made.
enum class Epilogue {
    nothing,
    tanh,
    sigmoid,
    relu_squared_quantize, // of what is over zero: they are squared, and rounded into `rows`
    add,           // to x
    add_gated,     // to x, times `gate`
};

struct Product {
    const Matrix *matrix;
    Rows *from;
    float *to; // [T, ld], ld being the width up to the next multiple of 16
    Epilogue epilogue = Epilogue::nothing;
    Rows *rows = nullptr;             // where squares go,
    const Matrix *reader = nullptr;   // and what takes them
    const float *gate = nullptr;
};

// The token before mixed into each token, by one share for each channel.
struct Mix {
    const Vector *share;
    Rows *to;
    const Matrix *reader; // of what is mixed: rounded where it is in 8 bits
};

class ForwardPass {
  public:
    ForwardPass(const Sizes &sizes, const Kernels &kernels, ThreadPool &pool, Workspace &workspace, int tokens)
        : sizes(sizes), kernels(kernels), pool(pool), w(workspace), tokens(tokens), width(sizes.width) {}

    void block7(const Layer &layer, bool is_first, float *state);
    void block6(const Layer &layer, float *state); // and RWKV-5
    void block4(const Layer &layer, float *state);
    // Logits of the rows from `from` on.
    void head(const Norm &ln_out, const Matrix &head, int from, float *logits);

  private:
    // The time-mix of RWKV-6 has shares that depend on the token, and so does its decay.
    void mix6(const Layer &layer, float *before);
    void mix5(const Layer &layer, float *before);
    // Of all versions but RWKV-7: it has a receptance.
    void channel_mix(const Layer &layer, float *before);

    // The LayerNorm of x; rows from `from` on, to the same rows of `to`.
    void norm(const Norm &norm, float *to, int from = 0);
    // Rows of `normed` and the one before each: `before` is before the first, and becomes the last.
    template <size_t N> void mix(const Mix (&mixes)[N], float *before) { mix(mixes, (int)N, before); }
    // Products that do not wait for one another; rows from `from` on.
    template <size_t N> void multiply(const Product (&products)[N], int count = N, int from = 0) {
        multiply(products + 0, count, from);
    }
    // Columns from `first` up to `last` of one row, where `reader` takes it in 8 bits.
    void round(Rows &rows, const Matrix &reader, int row, int first, int last) const;

    void mix(const Mix *mixes, int count, float *before);
    void multiply(const Product *products, int count, int from);
    // Of a matrix that is not quantised, those blocks.
    void multiply_plain(const Matrix &matrix, int first_block, int blocks, const float *x, size_t ldx, int count, float *y, size_t ldy) const;
    void multiply_part(const Product &product, int first_block, int blocks, int from);

    const Sizes &sizes;
    const Kernels &kernels;
    ThreadPool &pool;
    Workspace &w;
    const int tokens;
    const size_t width;
};

inline size_t padded(size_t count) { return (count + kPanel - 1) / kPanel * kPanel; }
