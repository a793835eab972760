// One run: passes tokens through the layers. The functions divide their work among the threads of the pool, and return
// when it is complete.
#pragma once
#include "model.h"

// Inputs of matrix products, as floats. For a quantized matrix, they are also rounded to 8 bits.
struct Rows {
    Rows() = default;
    Rows(int count, size_t width);
    float *at(size_t offset = 0) { return floats_in(floats) + offset; }
    QuantizedRows rounded() const;
    AlignedBuffer floats, values, scales, sums;
};

// Buffers for the intermediate results of a run, with kMaxTokens rows each.
struct Workspace {
    Workspace(const Sizes &sizes, int max_rank);
    AlignedBuffer x, normed, first, product[8], low[4];
    Rows mixed[6], y, wide;
};

// The operation that a thread applies to its part of a matrix product.
enum class Epilogue {
    nothing,
    tanh,
    sigmoid,
    relu_squared_quantize, // relu(y)^2, also rounded to 8 bits in `rows` if `reader` is quantized
    add,                   // adds y to the residual stream x
    add_gated,             // adds y * gate to the residual stream x
};

struct Product {
    const Matrix *matrix;
    Rows *from;
    float *to; // [T, ld]; ld is the number of outputs, rounded up to a multiple of 16
    Epilogue epilogue = Epilogue::nothing;
    // For relu_squared_quantize: the destination, and the matrix that reads it.
    Rows *rows = nullptr;
    const Matrix *reader = nullptr;
    const float *gate = nullptr; // for add_gated
};

// One token-shift mix: each token is interpolated with the previous one, with a weight per channel.
struct Mix {
    const Vector *weight; // the previous token's weight, per channel
    Rows *to;
    const Matrix *reader; // the matrix that reads the result; if it is quantized, the result is also rounded
};

class ForwardPass {
  public:
    ForwardPass(const Sizes &sizes, const Kernels &kernels, ThreadPool &pool, Workspace &workspace, int tokens)
        : sizes(sizes), kernels(kernels), pool(pool), w(workspace), tokens(tokens), width(sizes.width) {}

    void block7(const Layer &layer, bool is_first, float *state);
    void block6(const Layer &layer, float *state); // RWKV-5 and 6
    void block4(const Layer &layer, float *state);
    // Computes the logits of the tokens, starting with token `from`.
    void head(const Norm &ln_out, const Matrix &head, int from, float *logits);

  private:
    // The token shifts of RWKV-6 and RWKV-5. In RWKV-6, the mixing weights depend on the token.
    void mix6(const Layer &layer, float *before);
    void mix5(const Layer &layer, float *before);
    // The channel-mix of RWKV-4, 5 and 6, which has a receptance.
    void channel_mix(const Layer &layer, float *before);

    // Normalizes the rows of x, starting with row `from`, and writes the results to the same rows of `to`.
    void norm(const Norm &norm, float *to, int from = 0);
    // Mixes each row of `normed` with the previous one. `before` is the row before the first one; the last row
    // replaces it.
    template <size_t N> void mix(const Mix (&mixes)[N], float *before) { mix(mixes, (int)N, before); }
    // Computes several products in parallel, for the rows starting with row `from`.
    template <size_t N> void multiply(const Product (&products)[N], int count = N, int from = 0) {
        multiply(products + 0, count, from);
    }
    // Rounds the columns [first, last) of a row to 8 bits if `reader` is quantized.
    void round(Rows &rows, const Matrix &reader, int row, int first, int last) const;

    void mix(const Mix *mixes, int count, float *before);
    void multiply(const Product *products, int count, int from);
    // Multiplies `count` rows by some blocks of an unquantized matrix.
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
