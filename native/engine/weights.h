// Weights as the kernels want them, packed when a model is loaded.
#pragma once
#include <cstdint>
#include <vector>

#include "../kernels/kernels.h"
#include "arena.h"

// Some rows of a tensor as JavaScript hands them over; the memory is its own, and only read while they are packed.
struct TensorView {
    enum class Kind { floats, fp16, bf16, int8, int4 } kind;
    int rows, columns; // a vector has one row
    const void *values;
    const float *scales; // of those in 8 and 4 bits: [rows, columns / 32]
};

// 64 bytes that begin at a multiple of 64.
struct alignas(64) CacheLine {
    uint8_t bytes[64];
};
typedef std::vector<CacheLine> AlignedBuffer;

inline float *floats_in(AlignedBuffer &block) { return reinterpret_cast<float *>(block.data()); }
inline AlignedBuffer aligned_buffer(size_t bytes) { return AlignedBuffer((bytes + 63) / 64); }

constexpr int kBlock = 4 * kPanel; // outputs

// A matrix [out, in] in floats, brain floats, halves, 8 or 4 bits.
class Matrix {
  public:
    Matrix() = default;
    // It lies in the arena, and holds nothing yet.
    Matrix(TensorView::Kind kind, int in, int out, Arena &arena);
    // The outputs from `first` on, a multiple of 64, stored [out, in]: of 4 bits two in a byte, the even one in its lower
    // half and each plus 8. All but the last of a matrix are so many that the next ones begin at a multiple of 64 too.
    void pack(int first, const TensorView &rows);
    // All of a matrix that is not quantised and is stored [in, out].
    void pack_transposed(const void *values);

    int in() const { return in_; }
    int out() const { return out_; }
    TensorView::Kind kind() const { return kind_; }
    bool is_quantized() const { return kind_ == TensorView::Kind::int8 || kind_ == TensorView::Kind::int4; }
    // It is cut into blocks of 64 outputs; the last may have fewer.
    int blocks() const { return (out_ + kBlock - 1) / kBlock; }
    template <typename Stored> PlainMatrix<Stored> plain(int first_block, int blocks) const {
        return {in_, outputs(first_block, blocks), reinterpret_cast<const Stored *>(at(first_block))};
    }
    PackedMatrix packed(int first_block, int blocks) const { return {in_, outputs(first_block, blocks), at(first_block)}; }

  private:
    size_t output_bytes() const;
    int outputs(int first_block, int blocks) const;
    const uint8_t *at(int block) const { return packed_ + block * kBlock * output_bytes(); }
    void pack_quantized(int first, const TensorView &rows);

    int in_ = 0, out_ = 0;
    TensorView::Kind kind_ = TensorView::Kind::floats;
    uint8_t *packed_ = nullptr;
};

// Rows of the embedding as the file has them.
class Embedding {
  public:
    Embedding() = default;
    Embedding(TensorView::Kind kind, int count, int width, Arena &arena);
    // The rows from `first` on.
    void copy(int first, const TensorView &rows);
    int count() const { return count_; }
    int width() const { return width_; }
    // Row `token` as floats.
    void read(int token, float *to) const;

  private:
    size_t row_bytes() const;
    template <typename Stored> void read_as(int token, float *to) const;

    TensorView::Kind kind_ = TensorView::Kind::floats;
    int count_ = 0, width_ = 0;
    uint8_t *bytes_ = nullptr;
};
