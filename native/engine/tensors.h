// A model's tensors by name, packed as they come: none is in memory twice but for the rows at hand.
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
    // What becomes of a tensor. A turned one is a matrix stored [in, out], not quantised, handed over at once.
    enum class Role { vector, matrix, transposed, embedding };

    // Takes the next rows of a tensor that has `rows` of them. All but its last ones are a multiple of 64.
    // Throws std::runtime_error where they do not fit what came before.
    void add(const std::string &name, Role role, int rows, const TensorView &part);

    bool has(const std::string &name) const { return tensors_.count(name) > 0; }
    // Each throws std::runtime_error where there is no such tensor, some of its rows are missing, or it is another one than
    // the caller says: what is read later is not checked again.
    const Vector &vector(const std::string &name, int count) const;
    Norm norm(const std::string &name, int width) const;
    const Matrix &matrix(const std::string &name, int in, int out) const;
    const Matrix &transposed(const std::string &name, int in, int out) const;
    const Embedding &embedding(const std::string &name, int count, int width) const;
    // Outputs of a matrix, which are for the file to say where it is of low rank.
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
