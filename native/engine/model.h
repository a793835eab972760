// A whole model: what it holds, and how tokens go through it.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "thread_pool.h"
#include "tensors.h"

constexpr int kMaxTokens = 64; // of one run

struct Sizes {
    int version, layers, width, heads, ffn_width, vocabulary; // RWKV-4 has one head
    float group_norm_eps;
    int head_size() const { return width / heads; }
    // Floats of a state: per layer x- of the time-mix, its recurrence, x- of the channel-mix.
    size_t recurrence_floats() const { return version == 4 ? 3 * (size_t)width : (size_t)width * head_size(); }
    size_t layer_floats() const { return 2 * (size_t)width + recurrence_floats(); }
    size_t state_floats() const { return layers * layer_floats(); }
};

// A product of low rank: [width, rank], then [rank, width].
struct Pair {
    Matrix down, up;
};

struct Layer {
    Norm ln1, ln2, ln_x;
    Matrix receptance, key, value, gate, output; // gate of RWKV-5.1, 5.2 and 6
    Matrix ffn_key, ffn_value, ffn_receptance;   // the last not of RWKV-7
    // Shares of the token before. RWKV-7: r w k v a g; RWKV-6: w k v r g; else k v r g. Of the channel-mix: k, or k r.
    std::vector<Vector> mix, ffn_mix;
    Vector decay, bonus;               // RWKV-4: -exp(time_decay); RWKV-5: exp(-exp(time_decay)); RWKV-6: time_decay
    Vector mix_x;                      // of RWKV-6: the shares ahead of what it adds to the shares of each token,
    Matrix mix_down, mix_up[5];        // [width, 5 ranks], and [rank, width] for each of w k v r g
    Vector w0, a0, v0, k_k, k_a, r_k;  // of RWKV-7
    Pair w, a, v, g;                   // of RWKV-7; w of RWKV-6 too
};

enum class Want { none, last, all };

struct Workspace;

// Makes workspaces as runs need them, and keeps them: as many as there were runs at a time.
class WorkspacePool {
  public:
    WorkspacePool();
    ~WorkspacePool();
    std::unique_ptr<Workspace> take(const Sizes &sizes, int max_rank);
    void release(std::unique_ptr<Workspace> workspace);

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> free_;
};

class Model {
  public:
    // Throws std::runtime_error with the name of what is missing or of another size.
    Model(const Sizes &sizes, std::shared_ptr<const Tensors> tensors, const Kernels &kernels);

    const Sizes &sizes() const { return sizes_; }
    // How many threads share a run, the one that calls it being one; runs under way go on with those they have.
    void set_threads(int threads);
    void clear(float *state) const;

    // Reads at most kMaxTokens tokens; `state` is read and replaced. logits: none, [V], or [T, V], rows as long as the next
    // multiple of 16. False where `is_cancelled` was set on the way: the state is then worth nothing.
    bool run(const int32_t *tokens, int count, Want want, float *state, const std::atomic<bool> &is_cancelled, float *logits);

  private:
    Sizes sizes_;
    const Kernels &kernels_;
    int max_rank_ = 0; // of all products of low rank
    std::shared_ptr<const Tensors> tensors_; // the matrices point into it
    Embedding embedding_;
    Norm ln0_, ln_out_;
    Matrix head_;
    std::vector<Layer> layers_;
    std::mutex pool_mutex_;
    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(1);
    WorkspacePool workspaces_;
};
