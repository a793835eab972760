// Tests the thread pool: every unit is done once, and several threads compute the same bits as one. It is also built
// with the thread sanitizer. Prints a line for each claim; exits with 1 if a claim does not hold.
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "../engine/model.h"

namespace {

int passed = 0, failed = 0;

void claim(const char *what, bool holds) {
    (holds ? passed : failed)++;
    printf("%s %s\n", holds ? "ok" : "not ok", what);
}

// Two concurrent callers, and thousands of tasks of up to 39 units.
bool each_unit_once() {
    ThreadPool pool(3);
    std::atomic<int> wrong{0};
    auto call = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int task = 0; task < 2000; task++) {
            std::vector<int> times(random() % 40, 0); // only the thread that takes a unit writes its element
            pool.parallel_for((int)times.size(), [&](int unit) { times[unit]++; });
            for (int count : times)
                if (count != 1) wrong++;
        }
    };
    std::thread other(call, 1u);
    call(2u);
    other.join();
    return wrong == 0;
}

constexpr int kWidth = 128, kWide = 256, kVocabulary = 100, kRank = 32, kLayers = 2;

// A model with random weights; the large matrices are quantized.
class RandomModel {
  public:
    explicit RandomModel(int version) : version_(version) {
        floats("emb.weight", Tensors::Role::embedding, kVocabulary, kWidth);
        quantized("head.weight", kVocabulary, kWidth);
        norm("blocks.0.ln0"), norm("ln_out");
        for (int i = 0; i < kLayers; i++) layer("blocks." + std::to_string(i) + ".");
    }
    std::unique_ptr<Model> make() const {
        const Sizes sizes = {version_, kLayers, kWidth, version_ == 4 ? 1 : kWidth / kHeadSize, kWide, kVocabulary, 64e-5f};
        int best = 0;
        while (kernels_at(best + 1) != nullptr) best++;
        return std::make_unique<Model>(sizes, tensors_, *kernels_at(best));
    }

  private:
    void layer(const std::string &at) {
        norm(at + "ln1"), norm(at + "ln2");
        for (const char *name : {"receptance", "key", "value", "output"}) quantized(at + "att." + name + ".weight", kWidth, kWidth);
        quantized(at + "ffn.key.weight", kWide, kWidth), quantized(at + "ffn.value.weight", kWidth, kWide);
        if (version_ == 4) {
            for (const char *name : {"time_mix_k", "time_mix_v", "time_mix_r", "time_decay", "time_first"}) vector(at + "att." + name);
            vector(at + "ffn.time_mix_k"), vector(at + "ffn.time_mix_r");
            quantized(at + "ffn.receptance.weight", kWidth, kWidth);
            return;
        }
        if (version_ == 6) {
            for (const char *name : {"x", "w", "k", "v", "r", "g"}) vector(at + "att.time_maa_" + name);
            vector(at + "att.time_decay"), vector(at + "att.time_faaaa"), norm(at + "att.ln_x");
            vector(at + "ffn.time_maa_k"), vector(at + "ffn.time_maa_r");
            transposed(at + "att.time_maa_w1", kWidth, 5 * kRank);
            for (int i = 0; i < 5; i++) transposed(at + "att.time_maa_w2." + std::to_string(i), kRank, kWidth);
            pair(at + "att.time_decay_w");
            quantized(at + "att.gate.weight", kWidth, kWidth), quantized(at + "ffn.receptance.weight", kWidth, kWidth);
            return;
        }
        for (const char *name : {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "v0", "k_k", "k_a", "r_k"}) vector(at + "att." + name);
        for (const char *name : {"w", "a", "v", "g"}) pair(at + "att." + name);
        norm(at + "att.ln_x"), vector(at + "ffn.x_k");
    }
    void norm(const std::string &name) { vector(name + ".weight"), vector(name + ".bias"); }
    void pair(const std::string &name) { transposed(name + "1", kWidth, kRank), transposed(name + "2", kRank, kWidth); }
    void vector(const std::string &name) { floats(name, Tensors::Role::vector, 1, kWidth); }
    void transposed(const std::string &name, int rows, int columns) { floats(name, Tensors::Role::transposed, rows, columns); }
    void floats(const std::string &name, Tensors::Role role, int rows, int columns) {
        const Vector values = numbers((size_t)rows * columns, 0.3f);
        tensors_->add(name, role, rows, {TensorView::Kind::floats, rows, columns, values.data(), nullptr});
    }
    void quantized(const std::string &name, int rows, int columns) {
        std::vector<int8_t> bytes((size_t)rows * columns);
        for (int8_t &value : bytes) value = (int8_t)(random_() % 255 - 127);
        const Vector scales = numbers(bytes.size() / kGroup, 0.002f);
        tensors_->add(name, Tensors::Role::matrix, rows, {TensorView::Kind::int8, rows, columns, bytes.data(), scales.data()});
    }
    Vector numbers(size_t count, float bound) {
        Vector values(count);
        for (float &value : values) value = std::uniform_real_distribution<float>(-bound, bound)(random_);
        return values;
    }

    int version_;
    std::mt19937 random_{7};
    std::shared_ptr<Tensors> tensors_ = std::make_shared<Tensors>();
};

struct Outcome {
    std::vector<float> state, logits;
    bool is_complete;
    bool operator==(const Outcome &other) const { return state == other.state && logits == other.logits; }
};

Outcome read(Model &model, bool is_cancelled = false) {
    constexpr int kTokens = 24;
    int32_t tokens[kTokens];
    for (int t = 0; t < kTokens; t++) tokens[t] = t * 37 % kVocabulary;
    Outcome outcome = {std::vector<float>(model.sizes().state_floats()), std::vector<float>(kTokens * 112), false};
    model.clear(outcome.state.data());
    const std::atomic<bool> cancelled{is_cancelled};
    outcome.is_complete = model.run(tokens, kTokens, Want::all, outcome.state.data(), cancelled, outcome.logits.data());
    return outcome;
}

void model_claims(int version) {
    const RandomModel weights(version);
    const std::unique_ptr<Model> model = weights.make();
    const Outcome alone = read(*model);
    model->set_threads(3);
    claim("three threads compute the same as one", alone.is_complete && read(*model) == alone);
    bool is_same = true;
    std::thread other([&] {
        for (int i = 0; i < 20; i++) is_same = read(*model) == alone && is_same;
    });
    bool is_same_here = true;
    for (int i = 0; i < 20; i++) {
        if (i % 5 == 4) model->set_threads(1 + i / 5);
        is_same_here = read(*model) == alone && is_same_here;
    }
    other.join();
    claim("so do two concurrent runs while the number of threads changes", is_same && is_same_here);
    claim("a cancelled run is not complete", !read(*model, true).is_complete);
}

} // namespace

int main() {
    claim("every unit is done once", each_unit_once());
    for (int version : {4, 6, 7}) model_claims(version);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
