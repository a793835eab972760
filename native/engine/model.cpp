#include "model.h"

#include <cstring>

namespace {

float *at(Block &block, size_t offset = 0) { return floats_of(block) + offset; }

size_t padded(size_t count) { return (count + kPanel - 1) / kPanel * kPanel; }

// The exponent of an empty sum of RWKV-4.
constexpr float kEmptyExponent = -1e30f;

} // namespace

Workspace::Workspace(const Sizes &sizes, int most_rank) {
    const size_t rows = kMostTokens, width = padded(sizes.width);
    const size_t wide_floats = padded(sizes.ffn_width > sizes.width ? sizes.ffn_width : sizes.width);
    for (Block *block : {&x, &normed, &mixed, &first}) *block = block_of(rows * width * sizeof(float));
    for (Block &block : product) block = block_of(rows * width * sizeof(float));
    wide = block_of(rows * wide_floats * sizeof(float));
    low = block_of(rows * padded(most_rank > 0 ? most_rank : 1) * sizeof(float));
    quantised = block_of(rows * wide_floats);
    scales = block_of(rows * wide_floats / kGroup * sizeof(float));
    sums = block_of(rows * wide_floats / kGroup * sizeof(int32_t));
}

void Model::clear(float *state) const {
    memset(state, 0, sizes_.state_floats() * sizeof(float));
    if (sizes_.version != 4) return;
    for (int i = 0; i < sizes_.layers; i++) {
        float *pp = state + i * sizes_.layer_floats() + 3 * (size_t)sizes_.width;
        for (int c = 0; c < sizes_.width; c++) pp[c] = kEmptyExponent;
    }
}

void Model::run(const int32_t *tokens, int count, Want want, float *state, Workspace &w, float *logits) const {
    const size_t width = sizes_.width;
    for (int t = 0; t < count; t++) {
        embedding_.read(tokens[t], at(w.mixed));
        kernels_.layer_norm(at(w.mixed), ln0_.weight.data(), ln0_.bias.data(), (int)width, at(w.x, t * width));
    }
    for (size_t i = 0; i < layers_.size(); i++) {
        float *own = state + i * sizes_.layer_floats();
        if (sizes_.version == 7)
            block7(layers_[i], i == 0, count, own, w);
        else
            block4(layers_[i], count, own, w);
    }
    if (want == Want::none) return;
    const int from = want == Want::all ? 0 : count - 1;
    norm_rows(at(w.x, from * width), ln_out_, count - from, at(w.normed));
    multiply(head_, at(w.normed), count - from, logits, padded(sizes_.vocabulary), w);
}

void Model::block7(const Layer &layer, bool is_first, int tokens, float *state, Workspace &w) const {
    const size_t width = sizes_.width, floats = tokens * width;
    float *r = at(w.product[0]), *decay = at(w.product[1]), *k = at(w.product[2]), *v = at(w.product[3]);
    float *rate = at(w.product[4]), *gate = at(w.product[5]), *nu = at(w.product[6]), *y = at(w.product[7]);
    norm_rows(at(w.x), layer.ln1, tokens, at(w.normed));
    auto mixed = [&](int which) {
        mix_rows(at(w.normed), state, layer.mix[which], tokens, at(w.mixed));
        return at(w.mixed);
    };
    auto low_rank = [&](const Pair &pair, float *to, void (*activation)(size_t, float *)) {
        const size_t rank = padded(pair.down.out());
        multiply(pair.down, at(w.mixed), tokens, at(w.low), rank, w);
        if (activation != nullptr) activation(tokens * rank, at(w.low));
        kernels_.multiply_floats(pair.up.floats(), at(w.low), rank, tokens, to, width);
    };
    multiply(layer.receptance, mixed(0), tokens, r, width, w);
    mixed(1), low_rank(layer.w, decay, kernels_.tangent);
    multiply(layer.key, mixed(2), tokens, k, width, w);
    multiply(layer.value, mixed(3), tokens, v, width, w);
    if (!is_first) low_rank(layer.v, nu, nullptr);
    mixed(4), low_rank(layer.a, rate, nullptr);
    mixed(5), low_rank(layer.g, gate, kernels_.sigmoid);
    memcpy(state, at(w.normed, (tokens - 1) * width), width * sizeof(float));
    if (is_first) memcpy(at(w.first), v, floats * sizeof(float));

    const TimeMix7 vectors = {layer.w0.data(),  layer.a0.data(),  layer.v0.data(),          layer.k_k.data(),
                              layer.k_a.data(), layer.r_k.data(), layer.ln_x.weight.data(), layer.ln_x.bias.data()};
    const TimeMix7Rows rows = {r, k, v, is_first ? nullptr : at(w.first), decay, rate, is_first ? nullptr : nu, gate};
    for (int head = 0; head < sizes_.heads; head++)
        kernels_.time_mix7(vectors, rows, tokens, (int)width, head, state + width + (size_t)head * kHeadSize * kHeadSize, y);
    multiply(layer.output, y, tokens, at(w.mixed), width, w);
    kernels_.add(at(w.mixed), floats, at(w.x));

    float *before = state + width + sizes_.recurrence_floats();
    norm_rows(at(w.x), layer.ln2, tokens, at(w.normed));
    mix_rows(at(w.normed), before, layer.ffn_mix[0], tokens, at(w.mixed));
    memcpy(before, at(w.normed, (tokens - 1) * width), width * sizeof(float));
    const size_t wide = padded(sizes_.ffn_width);
    multiply(layer.ffn_key, at(w.mixed), tokens, at(w.wide), wide, w);
    kernels_.relu_squared(tokens * wide, at(w.wide));
    multiply(layer.ffn_value, at(w.wide), tokens, at(w.mixed), width, w);
    kernels_.add(at(w.mixed), floats, at(w.x));
}

void Model::block4(const Layer &layer, int tokens, float *state, Workspace &w) const {
    const size_t width = sizes_.width, floats = tokens * width;
    float *k = at(w.product[0]), *v = at(w.product[1]), *r = at(w.product[2]), *y = at(w.product[3]);
    norm_rows(at(w.x), layer.ln1, tokens, at(w.normed));
    auto mixed = [&](const std::vector<Vector> &shares, int which, const float *before) {
        mix_rows(at(w.normed), before, shares[which], tokens, at(w.mixed));
        return at(w.mixed);
    };
    multiply(layer.key, mixed(layer.mix, 0, state), tokens, k, width, w);
    multiply(layer.value, mixed(layer.mix, 1, state), tokens, v, width, w);
    multiply(layer.receptance, mixed(layer.mix, 2, state), tokens, r, width, w);
    memcpy(state, at(w.normed, (tokens - 1) * width), width * sizeof(float));
    kernels_.wkv4(k, v, layer.decay.data(), layer.first.data(), tokens, (int)width, state + width, y);
    kernels_.sigmoid(floats, r);
    kernels_.multiply(r, floats, y);
    multiply(layer.output, y, tokens, at(w.mixed), width, w);
    kernels_.add(at(w.mixed), floats, at(w.x));

    float *before = state + width + sizes_.recurrence_floats();
    const size_t wide = padded(sizes_.ffn_width);
    norm_rows(at(w.x), layer.ln2, tokens, at(w.normed));
    multiply(layer.ffn_key, mixed(layer.ffn_mix, 0, before), tokens, at(w.wide), wide, w);
    multiply(layer.ffn_receptance, mixed(layer.ffn_mix, 1, before), tokens, r, width, w);
    memcpy(before, at(w.normed, (tokens - 1) * width), width * sizeof(float));
    kernels_.relu_squared(tokens * wide, at(w.wide));
    multiply(layer.ffn_value, at(w.wide), tokens, at(w.mixed), width, w);
    kernels_.sigmoid(floats, r);
    kernels_.multiply(r, floats, at(w.mixed));
    kernels_.add(at(w.mixed), floats, at(w.x));
}

void Model::norm_rows(const float *x, const Norm &norm, int tokens, float *y) const {
    const size_t width = sizes_.width;
    for (int t = 0; t < tokens; t++)
        kernels_.layer_norm(x + t * width, norm.weight.data(), norm.bias.data(), (int)width, y + t * width);
}

void Model::mix_rows(const float *normed, const float *before, const Vector &share, int tokens, float *y) const {
    const size_t width = sizes_.width;
    for (int t = 0; t < tokens; t++) {
        const float *previous = t == 0 ? before : normed + (t - 1) * width;
        kernels_.interpolate(normed + t * width, previous, share.data(), (int)width, y + t * width);
    }
}

void Model::multiply(const Matrix &matrix, const float *x, int tokens, float *y, size_t ldy, Workspace &w) const {
    const size_t in = matrix.in();
    if (!matrix.is_quantised()) {
        kernels_.multiply_floats(matrix.floats(), x, in, tokens, y, ldy);
        return;
    }
    int8_t *values = reinterpret_cast<int8_t *>(w.quantised[0].bytes);
    int32_t *sums = reinterpret_cast<int32_t *>(w.sums[0].bytes);
    kernels_.quantise(x, (int)(tokens * in), values, at(w.scales), sums);
    kernels_.multiply_int8(matrix.int8(), {values, at(w.scales), sums}, tokens, y, ldy);
}
