// From tensors under BlinkDL's names to a Model.
#include <cmath>
#include <stdexcept>

#include "model.h"

namespace {

class Source {
  public:
    explicit Source(const Tensors &tensors) : tensors_(tensors) {}

    const TensorView &at(const std::string &name) const {
        auto found = tensors_.find(name);
        if (found == tensors_.end()) throw std::runtime_error("no tensor " + name);
        return found->second;
    }
    Vector vector(const std::string &name) const {
        const TensorView &tensor = at(name);
        const float *values = static_cast<const float *>(tensor.values);
        return Vector(values, values + (size_t)tensor.rows * tensor.columns);
    }
    Norm norm(const std::string &name) const { return {vector(name + ".weight"), vector(name + ".bias")}; }
    // Stored [out, in]; floats come turned, as [in, out].
    Matrix matrix(const std::string &name) const { return Matrix(at(name), at(name).kind != TensorView::Kind::quantised); }
    // Half of a low-rank pair, stored [in, out].
    Matrix half(const std::string &name) const { return Matrix(at(name), true); }

  private:
    const Tensors &tensors_;
};

Layer layer7(const Source &source, const std::string &at, bool is_first) {
    Layer layer;
    for (const char *name : {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"}) layer.mix.push_back(source.vector(at + "att." + name));
    layer.ffn_mix.push_back(source.vector(at + "ffn.x_k"));
    layer.w0 = source.vector(at + "att.w0"), layer.a0 = source.vector(at + "att.a0");
    layer.k_k = source.vector(at + "att.k_k"), layer.k_a = source.vector(at + "att.k_a");
    layer.r_k = source.vector(at + "att.r_k");
    layer.w1 = source.half(at + "att.w1"), layer.w2 = source.half(at + "att.w2");
    layer.a1 = source.half(at + "att.a1"), layer.a2 = source.half(at + "att.a2");
    layer.g1 = source.half(at + "att.g1"), layer.g2 = source.half(at + "att.g2");
    if (!is_first) {
        layer.v0 = source.vector(at + "att.v0");
        layer.v1 = source.half(at + "att.v1"), layer.v2 = source.half(at + "att.v2");
    }
    layer.ln_x = source.norm(at + "att.ln_x");
    return layer;
}

// RWKV-4 stores the share of the token itself; we keep that of the one before.
Vector others(Vector shares) {
    for (float &share : shares) share = 1 - share;
    return shares;
}

Layer layer4(const Source &source, const std::string &at) {
    Layer layer;
    for (const char *name : {"k", "v", "r"}) layer.mix.push_back(others(source.vector(at + "att.time_mix_" + name)));
    for (const char *name : {"k", "r"}) layer.ffn_mix.push_back(others(source.vector(at + "ffn.time_mix_" + name)));
    layer.decay = source.vector(at + "att.time_decay");
    for (float &value : layer.decay) value = -std::exp(value);
    layer.first = source.vector(at + "att.time_first");
    layer.ffn_receptance = source.matrix(at + "ffn.receptance.weight");
    return layer;
}

} // namespace

Model::Model(const Sizes &sizes, const Tensors &tensors, const Kernels &kernels) : sizes_(sizes), kernels_(kernels) {
    const Source source(tensors);
    embedding_ = Embedding(source.at("emb.weight"));
    ln0_ = source.norm("blocks.0.ln0");
    ln_out_ = source.norm("ln_out");
    head_ = source.matrix("head.weight");
    for (int i = 0; i < sizes.layers; i++) {
        const std::string at = "blocks." + std::to_string(i) + ".";
        Layer layer = sizes.version == 7 ? layer7(source, at, i == 0) : layer4(source, at);
        layer.ln1 = source.norm(at + "ln1"), layer.ln2 = source.norm(at + "ln2");
        layer.receptance = source.matrix(at + "att.receptance.weight");
        layer.key = source.matrix(at + "att.key.weight");
        layer.value = source.matrix(at + "att.value.weight");
        layer.output = source.matrix(at + "att.output.weight");
        layer.ffn_key = source.matrix(at + "ffn.key.weight");
        layer.ffn_value = source.matrix(at + "ffn.value.weight");
        for (const Matrix *low : {&layer.w1, &layer.a1, &layer.v1, &layer.g1})
            if (low->out() > most_rank_) most_rank_ = low->out();
        layers_.push_back(std::move(layer));
    }
}
