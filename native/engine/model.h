// A whole model: what it holds, and how tokens go through it.
#pragma once
#include <memory>
#include <vector>

#include "weights.h"

constexpr int kMostTokens = 64; // of one run

struct Sizes {
    int version, layers, width, heads, ffn_width, vocabulary;
    // Floats of a state: per layer x- of the time-mix, its recurrence, x- of the channel-mix.
    size_t recurrence_floats() const { return version == 4 ? 3 * (size_t)width : (size_t)width * kHeadSize; }
    size_t layer_floats() const { return 2 * (size_t)width + recurrence_floats(); }
    size_t state_floats() const { return layers * layer_floats(); }
};

typedef std::vector<float> Vector;

struct Norm {
    Vector weight, bias;
};

// A product of low rank: [width, rank], then [rank, width].
struct Pair {
    Matrix down, up;
};

struct Layer {
    Norm ln1, ln2;
    Matrix receptance, key, value, output;
    Matrix ffn_key, ffn_value, ffn_receptance; // the last of RWKV-4 alone
    std::vector<Vector> mix, ffn_mix;          // shares of the token before: r w k v a g, or k v r; k, or k r
    Vector w0, a0, v0, k_k, k_a, r_k;          // of RWKV-7
    Pair w, a, v, g;
    Norm ln_x;
    Vector decay, first; // of RWKV-4; decay is -exp(time_decay)
};

// What one run writes on its way: as many rows as it may have tokens.
class Workspace {
  public:
    explicit Workspace(const Sizes &sizes, int most_rank);
    Block x, normed, mixed, first, product[8], wide, low, scales, sums, quantised;
};

enum class Want { none, last, all };

class Model {
  public:
    // Throws std::runtime_error with the name of what is missing or of another size.
    Model(const Sizes &sizes, const Tensors &tensors, const Kernels &kernels);

    const Sizes &sizes() const { return sizes_; }
    const Kernels &kernels() const { return kernels_; }
    std::unique_ptr<Workspace> workspace() const { return std::make_unique<Workspace>(sizes_, most_rank_); }
    void clear(float *state) const;

    // Reads at most kMostTokens tokens; `state` is read and replaced. logits: none, [V], or [T, V].
    void run(const int32_t *tokens, int count, Want want, float *state, Workspace &workspace, float *logits) const;

  private:
    void block7(const Layer &layer, bool is_first, int tokens, float *state, Workspace &w) const;
    void block4(const Layer &layer, int tokens, float *state, Workspace &w) const;
    void norm_rows(const float *x, const Norm &norm, int tokens, float *y) const;
    // Rows of `normed` and the one before each: the state's before the first, which then becomes the last one.
    void mix_rows(const float *normed, const float *before, const Vector &share, int tokens, float *y) const;
    void multiply(const Matrix &matrix, const float *x, int tokens, float *y, size_t ldy, Workspace &w) const;

    Sizes sizes_;
    const Kernels &kernels_;
    int most_rank_ = 0;
    Embedding embedding_;
    Norm ln0_, ln_out_;
    Matrix head_;
    std::vector<Layer> layers_;
};
