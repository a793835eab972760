#include "model.h"

#include <cstring>

#include "forward_pass.h"

namespace {

// The exponent pp of RWKV-4's empty state.
constexpr float kEmptyExponent = -1e30f;

} // namespace

WorkspacePool::WorkspacePool() = default;
WorkspacePool::~WorkspacePool() = default;

std::unique_ptr<Workspace> WorkspacePool::take(const Sizes &sizes, int max_rank) {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!free_.empty()) {
            std::unique_ptr<Workspace> workspace = std::move(free_.back());
            free_.pop_back();
            return workspace;
        }
    }
    return std::make_unique<Workspace>(sizes, max_rank);
}

void WorkspacePool::release(std::unique_ptr<Workspace> workspace) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(workspace));
}

void Model::clear(float *state) const {
    memset(state, 0, sizes_.state_floats() * sizeof(float));
    if (sizes_.version != 4) return;
    for (int i = 0; i < sizes_.layers; i++) {
        float *pp = state + i * sizes_.layer_floats() + 3 * (size_t)sizes_.width;
        for (int c = 0; c < sizes_.width; c++) pp[c] = kEmptyExponent;
    }
}

void Model::set_threads(int threads) {
    std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(threads);
    std::lock_guard<std::mutex> lock(pool_mutex_);
    pool_.swap(pool);
}

bool Model::run(const int32_t *tokens, int count, Want want, float *state, const std::atomic<bool> &is_cancelled,
                float *logits) {
    const FlushDenormals flush;
    std::unique_ptr<Workspace> w = workspaces_.take(sizes_, max_rank_);
    std::unique_lock<std::mutex> lock(pool_mutex_);
    const std::shared_ptr<ThreadPool> pool = pool_;
    lock.unlock();
    ForwardPass pass(sizes_, kernels_, *pool, *w, count);
    const size_t width = sizes_.width;
    for (int t = 0; t < count; t++) {
        embedding_.read(tokens[t], floats_in(w->normed));
        kernels_.layer_norm(floats_in(w->normed), ln0_.weight.data(), ln0_.bias.data(), (int)width, floats_in(w->x) + t * width);
    }
    bool is_complete = true;
    for (size_t i = 0; i < layers_.size() && is_complete; i++) {
        float *layer_state = state + i * sizes_.layer_floats();
        switch (sizes_.version) {
        case 4: pass.block4(layers_[i], layer_state); break;
        case 7: pass.block7(layers_[i], i == 0, layer_state); break;
        default: pass.block6(layers_[i], layer_state);
        }
        is_complete = !is_cancelled.load(std::memory_order_relaxed);
    }
    if (is_complete && want != Want::none) pass.head(ln_out_, head_, want == Want::all ? 0 : count - 1, logits);
    workspaces_.release(std::move(w));
    return is_complete;
}
