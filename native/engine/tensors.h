// A model's tensors by name. Rows are packed as they arrive, so only the rows being packed are in memory twice.
#pragma once
#include <string>
#include <unordered_map>

#include "weights.h"

typedef std::vector<float> Vector;

struct Norm {
    Vector weight, bias;
};

class Tensors {
  public:
    // How a tensor is used. `transposed` is an unquantized matrix stored [in, out], which must be added in one call.
    enum class Role { vector, matrix, transposed, embedding };

    // Adds the next rows of a tensor that has `rows` rows in total. Each call except the last one must add a multiple
    // of 64 rows. Throws std::runtime_error if the rows do not fit the role or the previous rows.
    void add(const std::string &name, Role role, int rows, const TensorView &part);

    bool has(const std::string &name) const { return tensors_.count(name) > 0; }
    // These functions throw std::runtime_error if the tensor or some of its rows are missing, or if it has another
    // size. Kernels do not check sizes, so they rely on this check.
    const Vector &vector(const std::string &name, int count) const;
    Norm norm(const std::string &name, int width) const;
    const Matrix &matrix(const std::string &name, int in, int out) const;
    const Matrix &transposed(const std::string &name, int in, int out) const;
    const Embedding &embedding(const std::string &name, int count, int width) const;
    // The number of outputs of a low-rank matrix. Sizes does not contain ranks, so the tensors define them.
    int rank(const std::string &name) const { return at(name, Role::transposed).matrix.out(); }

  private:
    struct Tensor {
        Role role;
        TensorView::Kind kind;
        int rows, columns, done;
        Vector vector;
        Matrix matrix;
        Embedding embedding;
    };
    Tensor begun(Role role, int rows, const TensorView &part);
    const Tensor &at(const std::string &name, Role role) const;

    std::unordered_map<std::string, Tensor> tensors_;
    Arena arena_;
};
