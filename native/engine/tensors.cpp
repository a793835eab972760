#include "tensors.h"

#include <stdexcept>

namespace {

typedef TensorView::Kind Kind;

[[noreturn]] void bad(const std::string &name) {
    throw std::runtime_error(name + " does not have the size or the type that the model requires");
}

bool is_quantized(Kind kind) { return kind == Kind::int8 || kind == Kind::int4; }

bool can_be(Tensors::Role role, int rows, const TensorView &part) {
    switch (role) {
    case Tensors::Role::vector: return part.kind == Kind::floats && part.rows == 1 && rows == 1;
    case Tensors::Role::transposed: return !is_quantized(part.kind) && part.rows == rows;
    case Tensors::Role::matrix: return part.kind == Kind::floats || is_quantized(part.kind);
    default: return !is_quantized(part.kind);
    }
}

} // namespace

Tensors::Tensor Tensors::begun(Role role, int rows, const TensorView &part) {
    Tensor tensor = {role, part.kind, rows, part.columns, 0, {}, {}, {}};
    switch (role) {
    case Role::vector: break;
    case Role::transposed: tensor.matrix = Matrix(part.kind, rows, part.columns, arena_); break;
    case Role::matrix: tensor.matrix = Matrix(part.kind, part.columns, rows, arena_); break;
    case Role::embedding: tensor.embedding = Embedding(part.kind, rows, part.columns, arena_); break;
    }
    return tensor;
}

void Tensors::add(const std::string &name, Role role, int rows, const TensorView &part) {
    if (part.rows > rows || !can_be(role, rows, part)) bad(name);
    auto found = tensors_.find(name);
    if (found == tensors_.end()) found = tensors_.emplace(name, begun(role, rows, part)).first;
    Tensor &tensor = found->second;
    const bool is_same = tensor.role == role && tensor.kind == part.kind && tensor.rows == rows && tensor.columns == part.columns;
    if (!is_same || part.rows > rows - tensor.done || tensor.done % kBlock != 0) bad(name);
    const float *floats = static_cast<const float *>(part.values);
    switch (role) {
    case Role::vector: tensor.vector.assign(floats, floats + part.columns); break;
    case Role::transposed: tensor.matrix.pack_transposed(part.values); break;
    case Role::matrix: tensor.matrix.pack(tensor.done, part); break;
    case Role::embedding: tensor.embedding.copy(tensor.done, part); break;
    }
    tensor.done += part.rows;
}

const Tensors::Tensor &Tensors::at(const std::string &name, Role role) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) throw std::runtime_error("no tensor " + name);
    const Tensor &tensor = found->second;
    if (tensor.role != role || tensor.done != tensor.rows) bad(name);
    return tensor;
}

const Vector &Tensors::vector(const std::string &name, int count) const {
    const Tensor &tensor = at(name, Role::vector);
    if (tensor.columns != count) bad(name);
    return tensor.vector;
}

Norm Tensors::norm(const std::string &name, int width) const {
    return {vector(name + ".weight", width), vector(name + ".bias", width)};
}

const Matrix &Tensors::matrix(const std::string &name, int in, int out) const {
    const Matrix &matrix = at(name, Role::matrix).matrix;
    if (matrix.in() != in || matrix.out() != out) bad(name);
    return matrix;
}

const Matrix &Tensors::transposed(const std::string &name, int in, int out) const {
    const Matrix &matrix = at(name, Role::transposed).matrix;
    if (matrix.in() != in || matrix.out() != out) bad(name);
    return matrix;
}

const Embedding &Tensors::embedding(const std::string &name, int count, int width) const {
    const Embedding &embedding = at(name, Role::embedding).embedding;
    if (embedding.count() != count || embedding.width() != width) bad(name);
    return embedding;
}
