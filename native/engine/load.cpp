// Builds a Model from tensors with BlinkDL's names.
#include <cmath>

#include "model.h"

namespace {

Pair pair_of(const Tensors &tensors, const std::string &name, int width) {
    const int rank = tensors.rank(name + "1");
    return {tensors.transposed(name + "1", width, rank), tensors.transposed(name + "2", rank, width)};
}

Layer layer7(const Tensors &tensors, const std::string &at, int width, bool is_first) {
    Layer layer;
    const std::string att = at + "att.";
    for (const char *name : {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"}) layer.mix.push_back(tensors.vector(att + name, width));
    layer.ffn_mix.push_back(tensors.vector(at + "ffn.x_k", width));
    layer.w0 = tensors.vector(att + "w0", width), layer.a0 = tensors.vector(att + "a0", width);
    layer.k_k = tensors.vector(att + "k_k", width), layer.k_a = tensors.vector(att + "k_a", width);
    layer.r_k = tensors.vector(att + "r_k", width);
    layer.w = pair_of(tensors, att + "w", width), layer.a = pair_of(tensors, att + "a", width);
    layer.g = pair_of(tensors, att + "g", width);
    if (!is_first) layer.v0 = tensors.vector(att + "v0", width), layer.v = pair_of(tensors, att + "v", width);
    layer.ln_x = tensors.norm(att + "ln_x", width);
    return layer;
}

std::vector<Vector> vectors_of(const Tensors &tensors, const std::string &at, std::vector<const char *> names, int width) {
    std::vector<Vector> all;
    for (const char *name : names) all.push_back(tensors.vector(at + name, width));
    return all;
}

// RWKV-4 and 5 store the weight of the current token; the kernels use the weight of the previous token.
std::vector<Vector> one_minus(std::vector<Vector> all) {
    for (Vector &vector : all)
        for (float &weight : vector) weight = 1 - weight;
    return all;
}

Layer layer4(const Tensors &tensors, const std::string &at, int width) {
    Layer layer;
    layer.mix = one_minus(vectors_of(tensors, at + "att.time_mix_", {"k", "v", "r"}, width));
    layer.ffn_mix = one_minus(vectors_of(tensors, at + "ffn.time_mix_", {"k", "r"}, width));
    layer.decay = tensors.vector(at + "att.time_decay", width);
    for (float &value : layer.decay) value = -std::exp(value);
    layer.bonus = tensors.vector(at + "att.time_first", width);
    return layer;
}

// The parts that RWKV-5 and 6 share. Decay and bonus are per channel, even if the file has them per head.
Layer layer_of_heads(const Tensors &tensors, const std::string &att, int width) {
    Layer layer;
    layer.decay = tensors.vector(att + "time_decay", width);
    layer.bonus = tensors.vector(att + "time_faaaa", width);
    layer.ln_x = tensors.norm(att + "ln_x", width);
    if (tensors.has(att + "gate.weight")) layer.gate = tensors.matrix(att + "gate.weight", width, width);
    return layer;
}

Layer layer5(const Tensors &tensors, const std::string &at, int width) {
    const std::string att = at + "att.";
    Layer layer = layer_of_heads(tensors, att, width);
    std::vector<const char *> names = {"k", "v", "r"};
    if (layer.gate.out() > 0) names.push_back("g");
    layer.mix = one_minus(vectors_of(tensors, att + "time_mix_", names, width));
    layer.ffn_mix = one_minus(vectors_of(tensors, at + "ffn.time_mix_", {"k", "r"}, width));
    for (float &value : layer.decay) value = std::exp(-std::exp(value));
    return layer;
}

Layer layer6(const Tensors &tensors, const std::string &at, int width) {
    const std::string att = at + "att.";
    Layer layer = layer_of_heads(tensors, att, width);
    layer.mix_x = tensors.vector(att + "time_maa_x", width);
    layer.mix = vectors_of(tensors, att + "time_maa_", {"w", "k", "v", "r", "g"}, width);
    layer.ffn_mix = vectors_of(tensors, at + "ffn.time_maa_", {"k", "r"}, width);
    const int rank = tensors.rank(att + "time_maa_w1") / 5;
    layer.mix_down = tensors.transposed(att + "time_maa_w1", width, 5 * rank);
    for (int i = 0; i < 5; i++) layer.mix_up[i] = tensors.transposed(att + "time_maa_w2." + std::to_string(i), rank, width);
    layer.w = pair_of(tensors, att + "time_decay_w", width);
    return layer;
}

Layer layer_of(const Tensors &tensors, const std::string &at, const Sizes &sizes, bool is_first) {
    switch (sizes.version) {
    case 4: return layer4(tensors, at, sizes.width);
    case 5: return layer5(tensors, at, sizes.width);
    case 6: return layer6(tensors, at, sizes.width);
    default: return layer7(tensors, at, sizes.width, is_first);
    }
}

} // namespace

Model::Model(const Sizes &sizes, std::shared_ptr<const Tensors> from, const Kernels &kernels)
    : sizes_(sizes), kernels_(kernels), tensors_(std::move(from)) {
    const Tensors &tensors = *tensors_;
    const int width = sizes.width, wide = sizes.ffn_width;
    embedding_ = tensors.embedding("emb.weight", sizes.vocabulary, width);
    ln0_ = tensors.norm("blocks.0.ln0", width);
    ln_out_ = tensors.norm("ln_out", width);
    for (int i = 0; i < sizes.layers; i++) {
        const std::string at = "blocks." + std::to_string(i) + ".";
        Layer layer = layer_of(tensors, at, sizes, i == 0);
        layer.ln1 = tensors.norm(at + "ln1", width), layer.ln2 = tensors.norm(at + "ln2", width);
        layer.receptance = tensors.matrix(at + "att.receptance.weight", width, width);
        layer.key = tensors.matrix(at + "att.key.weight", width, width);
        layer.value = tensors.matrix(at + "att.value.weight", width, width);
        layer.output = tensors.matrix(at + "att.output.weight", width, width);
        layer.ffn_key = tensors.matrix(at + "ffn.key.weight", width, wide);
        layer.ffn_value = tensors.matrix(at + "ffn.value.weight", wide, width);
        if (sizes.version != 7) layer.ffn_receptance = tensors.matrix(at + "ffn.receptance.weight", width, width);
        for (const Matrix *down : {&layer.mix_down, &layer.w.down, &layer.a.down, &layer.v.down, &layer.g.down})
            if (down->out() > max_rank_) max_rank_ = down->out();
        layers_.push_back(std::move(layer));
    }
    head_ = tensors.matrix("head.weight", width, sizes.vocabulary);
}
