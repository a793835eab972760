// From tensors under BlinkDL's names to a Model.
#include <cmath>
#include <stdexcept>

#include "model.h"

namespace {

// Tensors by name, each checked against the size that the model gives it: what is read later is not checked again.
class Source {
  public:
    explicit Source(const Tensors &tensors) : tensors_(tensors) {}

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
        const bool is_turned = at(name).kind != TensorView::Kind::quantised;
        return is_turned ? turned(name, in, out) : checked(name, Matrix(at(name), false), in, out);
    }
    // A low-rank pair, each half stored [in, out].
    Pair pair(const std::string &name, int width) const {
        const int rank = at(name + "1").columns;
        return {turned(name + "1", width, rank), turned(name + "2", rank, width)};
    }
    Embedding embedding(const std::string &name, int count, int width) const {
        const TensorView &tensor = at(name);
        if (tensor.kind == TensorView::Kind::quantised || tensor.rows != count || tensor.columns != width) bad(name);
        return Embedding(tensor);
    }

  private:
    const TensorView &at(const std::string &name) const {
        auto found = tensors_.find(name);
        if (found == tensors_.end()) throw std::runtime_error("no tensor " + name);
        return found->second;
    }
    Matrix turned(const std::string &name, int in, int out) const {
        if (at(name).kind != TensorView::Kind::floats) bad(name);
        return checked(name, Matrix(at(name), true), in, out);
    }
    static Matrix checked(const std::string &name, Matrix matrix, int in, int out) {
        if (matrix.in() != in || matrix.out() != out || out < 1) bad(name);
        return matrix;
    }
    [[noreturn]] static void bad(const std::string &name) {
        throw std::runtime_error(name + " is not of the size or the type that the model gives it");
    }

    const Tensors &tensors_;
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

// RWKV-4 stores the share of the token itself; we keep that of the one before.
Vector others(Vector shares) {
    for (float &share : shares) share = 1 - share;
    return shares;
}

Layer layer4(const Source &source, const std::string &at, int width) {
    Layer layer;
    for (const char *name : {"k", "v", "r"}) layer.mix.push_back(others(source.vector(at + "att.time_mix_" + name, width)));
    for (const char *name : {"k", "r"}) layer.ffn_mix.push_back(others(source.vector(at + "ffn.time_mix_" + name, width)));
    layer.decay = source.vector(at + "att.time_decay", width);
    for (float &value : layer.decay) value = -std::exp(value);
    layer.first = source.vector(at + "att.time_first", width);
    layer.ffn_receptance = source.matrix(at + "ffn.receptance.weight", width, width);
    return layer;
}

} // namespace

Model::Model(const Sizes &sizes, const Tensors &tensors, const Kernels &kernels) : sizes_(sizes), kernels_(kernels) {
    const Source source(tensors);
    const int width = sizes.width, wide = sizes.ffn_width;
    embedding_ = source.embedding("emb.weight", sizes.vocabulary, width);
    ln0_ = source.norm("blocks.0.ln0", width);
    ln_out_ = source.norm("ln_out", width);
    head_ = source.matrix("head.weight", width, sizes.vocabulary);
    for (int i = 0; i < sizes.layers; i++) {
        const std::string at = "blocks." + std::to_string(i) + ".";
        Layer layer = sizes.version == 7 ? layer7(source, at, width, i == 0) : layer4(source, at, width);
        layer.ln1 = source.norm(at + "ln1", width), layer.ln2 = source.norm(at + "ln2", width);
        layer.receptance = source.matrix(at + "att.receptance.weight", width, width);
        layer.key = source.matrix(at + "att.key.weight", width, width);
        layer.value = source.matrix(at + "att.value.weight", width, width);
        layer.output = source.matrix(at + "att.output.weight", width, width);
        layer.ffn_key = source.matrix(at + "ffn.key.weight", width, wide);
        layer.ffn_value = source.matrix(at + "ffn.value.weight", wide, width);
        for (const Pair *pair : {&layer.w, &layer.a, &layer.v, &layer.g})
            if (pair->down.out() > most_rank_) most_rank_ = pair->down.out();
        layers_.push_back(std::move(layer));
    }
}
