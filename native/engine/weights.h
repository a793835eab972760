// Weights as the kernels want them, packed when a model is loaded.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "../kernels/kernels.h"
#include "arena.h"

// What JavaScript hands over for one tensor; the memory is its own and only read while the model is made.
struct TensorView {
    enum class Kind { floats, halves, brains, int8, int4 } kind;
    int rows, columns; // a vector has one row
    const void *values;
    const float *scales; // of those in 8 and 4 bits: [rows, columns / 32]
};

typedef std::unordered_map<std::string, TensorView> Tensors;

// 64 bytes that begin at a multiple of 64.
struct alignas(64) CacheLine {
    uint8_t bytes[64];
};
typedef std::vector<CacheLine> Block;

inline float *floats_of(Block &block) { return reinterpret_cast<float *>(block.data()); }
inline Block block_of(size_t bytes) { return Block((bytes + 63) / 64); }

constexpr int kBlock = 4 * kPanel; // outputs

// A matrix [out, in] in floats, in 8 or in 4 bits.
class Matrix {
  public:
    Matrix() = default;
    // From [out, in] in 8 or 4 bits, two in a byte then, the even one in its lower half and each plus 8; or from floats
    // stored [in, out] (`is_turned`) or [out, in]. It lies in the arena.
    Matrix(const TensorView &tensor, bool is_turned, Arena &arena);

    int in() const { return in_; }
    int out() const { return out_; }
    TensorView::Kind kind() const { return kind_; }
    bool is_quantised() const { return kind_ != TensorView::Kind::floats; }
    // It is cut into blocks of 64 outputs; the last may have fewer.
    int blocks() const { return (out_ + kBlock - 1) / kBlock; }
    FloatMatrix floats(int first_block, int blocks) const;
    PackedMatrix packed(int first_block, int blocks) const;

  private:
    int outputs(int first_block, int blocks) const;
    void pack_floats(const TensorView &tensor, bool is_turned, Arena &arena);
    void pack(const TensorView &tensor, Arena &arena);

    int in_ = 0, out_ = 0;
    TensorView::Kind kind_ = TensorView::Kind::floats;
    const uint8_t *packed_ = nullptr;
};

// Rows of the embedding as the file has them.
class Embedding {
  public:
    Embedding() = default;
    explicit Embedding(const TensorView &tensor);
    int count() const { return count_; }
    // Row `token` as floats.
    void read(int token, float *to) const;

  private:
    TensorView::Kind kind_ = TensorView::Kind::floats;
    int count_ = 0, width_ = 0;
    std::vector<uint8_t> bytes_;
};
