// A loaded model: its sizes, the weights of its layers, and runs of tokens through them.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "thread_pool.h"
#include "tensors.h"

constexpr int kMaxTokens = 64; // per run

struct Sizes {
    int version, layers, width, heads, ffn_width, vocabulary; // RWKV-4 counts as one head
    float group_norm_eps;
    int head_size() const { return width / heads; }
    // Per layer, a state contains the previous input of time-mix, the recurrent state and the previous input of
    // channel-mix.
    size_t recurrence_floats() const { return version == 4 ? 3 * (size_t)width : (size_t)width * head_size(); }
    size_t layer_floats() const { return 2 * (size_t)width + recurrence_floats(); }
    size_t state_floats() const { return layers * layer_floats(); }
};

// A low-rank pair: [width, rank] and [rank, width].
struct Pair {
    Matrix down, up;
};

struct Layer {
    Norm ln1, ln2, ln_x;
    Matrix receptance, key, value, gate, output; // only RWKV-5.1, 5.2 and 6 have a gate
    Matrix ffn_key, ffn_value, ffn_receptance;   // RWKV-7 has no ffn_receptance
    // The previous token's weights in the token shift. mix has r w k v a g in RWKV-7, w k v r g in RWKV-6, otherwise
    // k v r, and g if there is a gate. ffn_mix has k in RWKV-7, otherwise k r.
    std::vector<Vector> mix, ffn_mix;
    Vector decay, bonus;               // RWKV-4: -exp(time_decay); RWKV-5: exp(-exp(time_decay)); RWKV-6: time_decay
    Vector mix_x;                      // RWKV-6: like `mix`, for the input of mix_down
    Matrix mix_down, mix_up[5];        // RWKV-6: [width, 5 ranks], and [rank, width] for each of w k v r g
    Vector w0, a0, v0, k_k, k_a, r_k;  // RWKV-7
    Pair w, a, v, g;                   // RWKV-7; RWKV-6 has only w
};

enum class Want { none, last, all };

struct Workspace;

// Creates workspaces on demand and reuses them. Their number is the highest number of concurrent runs so far.
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
    // Throws std::runtime_error with the name of a tensor that is missing or has another size.
    Model(const Sizes &sizes, std::shared_ptr<const Tensors> tensors, const Kernels &kernels);

    const Sizes &sizes() const { return sizes_; }
    // Sets the number of threads, including the calling one, for runs that start after this call.
    void set_threads(int threads);
    void clear(float *state) const;
    Summary summarize(const float *logits) const { return kernels_.summarize(logits, sizes_.vocabulary); }

    // Reads at most kMaxTokens tokens and updates `state`. `want` selects the logits that are written: none, the last
    // token's [V], or every token's [T, V]; rows are padded to a multiple of 16. Returns false if `is_cancelled` was
    // set before the last layer was complete; the state is then invalid.
    bool run(const int32_t *tokens, int count, Want want, float *state, const std::atomic<bool> &is_cancelled, float *logits);

  private:
    Sizes sizes_;
    const Kernels &kernels_;
    int max_rank_ = 0; // the highest rank of all low-rank pairs
    std::shared_ptr<const Tensors> tensors_; // the matrices point into it
    Embedding embedding_;
    Norm ln0_, ln_out_;
    Matrix head_;
    std::vector<Layer> layers_;
    std::mutex pool_mutex_;
    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(1);
    WorkspacePool workspaces_;
};
