// From tensors under BlinkDL's names to a Model.
#include <cmath>
#include <stdexcept>

#include "model.h"

namespace {

// Tensors by name, each checked against the size that the model gives it: what is read later is not checked again.
class Source {
  public:
    Source(const Tensors &tensors, Arena &arena) : tensors_(tensors), arena_(arena) {}

    bool has(const std::string &name) const { return tensors_.count(name) > 0; }
    Vector vector(const std::string &name, int count) const {
        const TensorView &tensor = at(name);
        if (tensor.kind != TensorView::Kind::floats || (size_t)tensor.rows * tensor.columns != (size_t)count) bad(name);
        const float *values = static_cast<const float *>(tensor.values);
        return Vector(values, values + count);
    }
    Norm norm(const std::string &name, int width) const {
        return {vector(name + ".weight", width), vector(name + ".bias", width)};
    }
    // Quantised ones are stored [out, in]; floats come turned, as [in, out].
    Matrix matrix(const std::string &name, int in, int out) const {
        const bool is_packed = at(name).kind == TensorView::Kind::int8 || at(name).kind == TensorView::Kind::int4;
        return is_packed ? checked(name, Matrix(at(name), false, arena_), in, out) : turned(name, in, out);
    }
    // Floats stored [in, out].
    Matrix turned(const std::string &name, int in, int out) const {
        if (at(name).kind != TensorView::Kind::floats) bad(name);
        return checked(name, Matrix(at(name), true, arena_), in, out);
    }
    int columns(const std::string &name) const { return at(name).columns; }
    // Matrices [in, out] that lie one after the other.
    void matrices(const std::string &name, int count, int in, int out, Matrix *to) const {
        const TensorView &tensor = at(name);
        if (tensor.kind != TensorView::Kind::floats || tensor.rows != count * in || tensor.columns != out) bad(name);
        const float *values = static_cast<const float *>(tensor.values);
        for (int i = 0; i < count; i++)
            to[i] = Matrix({TensorView::Kind::floats, in, out, values + (size_t)i * in * out, nullptr}, true, arena_);
    }
    // A low-rank pair, each half stored [in, out].
    Pair pair(const std::string &name, int width) const {
        const int rank = at(name + "1").columns;
        return {turned(name + "1", width, rank), turned(name + "2", rank, width)};
    }
    Embedding embedding(const std::string &name, int count, int width) const {
        const TensorView &tensor = at(name);
        const bool is_packed = tensor.kind == TensorView::Kind::int8 || tensor.kind == TensorView::Kind::int4;
        if (is_packed || tensor.rows != count || tensor.columns != width) bad(name);
        return Embedding(tensor);
    }

  private:
    const TensorView &at(const std::string &name) const {
        auto found = tensors_.find(name);
        if (found == tensors_.end()) throw std::runtime_error("no tensor " + name);
        return found->second;
    }
    static Matrix checked(const std::string &name, Matrix matrix, int in, int out) {
        if (matrix.in() != in || matrix.out() != out || out < 1) bad(name);
        return matrix;
    }
    [[noreturn]] static void bad(const std::string &name) {
        throw std::runtime_error(name + " is not of the size or the type that the model gives it");
    }

    const Tensors &tensors_;
    Arena &arena_;
};

Layer layer7(const Source &source, const std::string &at, int width, bool is_first) {
    Layer layer;
    const std::string att = at + "att.";
    for (const char *name : {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"}) layer.mix.push_back(source.vector(att + name, width));
    layer.ffn_mix.push_back(source.vector(at + "ffn.x_k", width));
    layer.w0 = source.vector(att + "w0", width), layer.a0 = source.vector(att + "a0", width);
    layer.k_k = source.vector(att + "k_k", width), layer.k_a = source.vector(att + "k_a", width);
    layer.r_k = source.vector(att + "r_k", width);
    layer.w = source.pair(att + "w", width), layer.a = source.pair(att + "a", width);
    layer.g = source.pair(att + "g", width);
    if (!is_first) layer.v0 = source.vector(att + "v0", width), layer.v = source.pair(att + "v", width);
    layer.ln_x = source.norm(att + "ln_x", width);
    return layer;
}

std::vector<Vector> shares(const Source &source, const std::string &at, std::vector<const char *> names, int width) {
    std::vector<Vector> all;
    for (const char *name : names) all.push_back(source.vector(at + name, width));
    return all;
}

// RWKV-4 and 5 store the share of the token itself; we keep that of the one before.
std::vector<Vector> others(std::vector<Vector> all) {
    for (Vector &own : all)
        for (float &share : own) share = 1 - share;
    return all;
}

Layer layer4(const Source &source, const std::string &at, int width) {
    Layer layer;
    layer.mix = others(shares(source, at + "att.time_mix_", {"k", "v", "r"}, width));
    layer.ffn_mix = others(shares(source, at + "ffn.time_mix_", {"k", "r"}, width));
    layer.decay = source.vector(at + "att.time_decay", width);
    for (float &value : layer.decay) value = -std::exp(value);
    layer.bonus = source.vector(at + "att.time_first", width);
    return layer;
}

// What RWKV-5 and 6 share. Decay and bonus come for each channel, whatever form the file has.
Layer layer_of_heads(const Source &source, const std::string &att, int width) {
    Layer layer;
    layer.decay = source.vector(att + "time_decay", width);
    layer.bonus = source.vector(att + "time_faaaa", width);
    layer.ln_x = source.norm(att + "ln_x", width);
    if (source.has(att + "gate.weight")) layer.gate = source.matrix(att + "gate.weight", width, width);
    return layer;
}

Layer layer5(const Source &source, const std::string &at, int width) {
    const std::string att = at + "att.";
    Layer layer = layer_of_heads(source, att, width);
    std::vector<const char *> names = {"k", "v", "r"};
    if (layer.gate.out() > 0) names.push_back("g");
    layer.mix = others(shares(source, att + "time_mix_", names, width));
    layer.ffn_mix = others(shares(source, at + "ffn.time_mix_", {"k", "r"}, width));
    for (float &value : layer.decay) value = std::exp(-std::exp(value));
    return layer;
}

Layer layer6(const Source &source, const std::string &at, int width) {
    const std::string att = at + "att.";
    Layer layer = layer_of_heads(source, att, width);
    layer.mix_x = source.vector(att + "time_maa_x", width);
    layer.mix = shares(source, att + "time_maa_", {"w", "k", "v", "r", "g"}, width);
    layer.ffn_mix = shares(source, at + "ffn.time_maa_", {"k", "r"}, width);
    const int rank = source.columns(att + "time_maa_w1") / 5;
    layer.mix_down = source.turned(att + "time_maa_w1", width, 5 * rank);
    source.matrices(att + "time_maa_w2", 5, rank, width, layer.mix_up);
    layer.w = source.pair(att + "time_decay_w", width);
    return layer;
}

Layer layer_of(const Source &source, const std::string &at, const Sizes &sizes, bool is_first) {
    switch (sizes.version) {
    case 4: return layer4(source, at, sizes.width);
    case 5: return layer5(source, at, sizes.width);
    case 6: return layer6(source, at, sizes.width);
    default: return layer7(source, at, sizes.width, is_first);
    }
}

} // namespace

Model::Model(const Sizes &sizes, const Tensors &tensors, const Kernels &kernels) : sizes_(sizes), kernels_(kernels) {
    const Source source(tensors, arena_);
    const int width = sizes.width, wide = sizes.ffn_width;
    embedding_ = source.embedding("emb.weight", sizes.vocabulary, width);
    ln0_ = source.norm("blocks.0.ln0", width);
    ln_out_ = source.norm("ln_out", width);
    for (int i = 0; i < sizes.layers; i++) {
        const std::string at = "blocks." + std::to_string(i) + ".";
        Layer layer = layer_of(source, at, sizes, i == 0);
        layer.ln1 = source.norm(at + "ln1", width), layer.ln2 = source.norm(at + "ln2", width);
        layer.receptance = source.matrix(at + "att.receptance.weight", width, width);
        layer.key = source.matrix(at + "att.key.weight", width, width);
        layer.value = source.matrix(at + "att.value.weight", width, width);
        layer.output = source.matrix(at + "att.output.weight", width, width);
        layer.ffn_key = source.matrix(at + "ffn.key.weight", width, wide);
        layer.ffn_value = source.matrix(at + "ffn.value.weight", wide, width);
        if (sizes.version != 7) layer.ffn_receptance = source.matrix(at + "ffn.receptance.weight", width, width);
        for (const Matrix *down : {&layer.mix_down, &layer.w.down, &layer.a.down, &layer.v.down, &layer.g.down})
            if (down->out() > most_rank_) most_rank_ = down->out();
        layers_.push_back(std::move(layer));
    }
    head_ = source.matrix("head.weight", width, sizes.vocabulary);
}
