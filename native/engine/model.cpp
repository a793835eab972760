#include "model.h"

#include <cstring>

#include "pass.h"

namespace {

// The exponent of an empty sum of RWKV-4.
constexpr float kEmptyExponent = -1e30f;

} // namespace

Workspaces::Workspaces() = default;
Workspaces::~Workspaces() = default;

std::unique_ptr<Workspace> Workspaces::take(const Sizes &sizes, int most_rank) {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!free_.empty()) {
            std::unique_ptr<Workspace> workspace = std::move(free_.back());
            free_.pop_back();
            return workspace;
        }
    }
    return std::make_unique<Workspace>(sizes, most_rank);
}

void Workspaces::give_back(std::unique_ptr<Workspace> workspace) {
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
    std::shared_ptr<Team> team = std::make_shared<Team>(threads);
    std::lock_guard<std::mutex> lock(team_mutex_);
    team_.swap(team);
}

bool Model::run(const int32_t *tokens, int count, Want want, float *state, const std::atomic<bool> &is_cancelled,
                float *logits) {
    const FlushDenormals flush;
    std::unique_ptr<Workspace> w = workspaces_.take(sizes_, most_rank_);
    std::unique_lock<std::mutex> lock(team_mutex_);
    const std::shared_ptr<Team> team = team_;
    lock.unlock();
    Pass pass(sizes_, kernels_, *team, *w, count);
    const size_t width = sizes_.width;
    for (int t = 0; t < count; t++) {
        embedding_.read(tokens[t], floats_of(w->normed));
        kernels_.layer_norm(floats_of(w->normed), ln0_.weight.data(), ln0_.bias.data(), (int)width, floats_of(w->x) + t * width);
    }
    bool is_whole = true;
    for (size_t i = 0; i < layers_.size() && is_whole; i++) {
        float *own = state + i * sizes_.layer_floats();
        if (sizes_.version == 7)
            pass.block7(layers_[i], i == 0, own);
        else
            pass.block4(layers_[i], own);
        is_whole = !is_cancelled.load(std::memory_order_relaxed);
    }
    if (is_whole && want != Want::none) {
        const int from = want == Want::all ? 0 : count - 1;
        pass.norm(ln_out_, w->y.at(), from);
        for (int t = from; t < count; t++) pass.round(w->y, head_, t, 0, (int)width);
        pass.multiply({{&head_, &w->y, logits}}, 1, from);
    }
    workspaces_.give_back(std::move(w));
    return is_whole;
}
