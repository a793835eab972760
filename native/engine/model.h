// A whole model: what it holds, and how tokens go through it.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "team.h"
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

enum class Want { none, last, all };

struct Workspace;

// Makes workspaces as runs need them, and keeps them: as many as there were runs at a time.
class Workspaces {
  public:
    Workspaces();
    ~Workspaces();
    std::unique_ptr<Workspace> take(const Sizes &sizes, int most_rank);
    void give_back(std::unique_ptr<Workspace> workspace);

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> free_;
};

class Model {
  public:
    // Throws std::runtime_error with the name of what is missing or of another size.
    Model(const Sizes &sizes, const Tensors &tensors, const Kernels &kernels);

    const Sizes &sizes() const { return sizes_; }
    // How many threads share a run, the one that calls it being one; runs under way go on with those they have.
    void set_threads(int threads);
    void clear(float *state) const;

    // Reads at most kMostTokens tokens; `state` is read and replaced. logits: none, [V], or [T, V], rows as long as the next
    // multiple of 16. False where `is_cancelled` was set on the way: the state is then worth nothing.
    bool run(const int32_t *tokens, int count, Want want, float *state, const std::atomic<bool> &is_cancelled, float *logits);

  private:
    Sizes sizes_;
    const Kernels &kernels_;
    int most_rank_ = 0;
    Embedding embedding_;
    Norm ln0_, ln_out_;
    Matrix head_;
    std::vector<Layer> layers_;
    std::mutex team_mutex_;
    std::shared_ptr<Team> team_ = std::make_shared<Team>(1);
    Workspaces workspaces_;
};
