// Weights in the layout of the kernels, packed when a model is loaded.
#pragma once
#include <cstdint>
#include <vector>

#include "../kernels/kernels.h"
#include "arena.h"

// Rows of a tensor in memory that JavaScript owns. The memory is only read while the rows are packed.
struct TensorView {
    enum class Kind { floats, fp16, bf16, int8, int4 } kind;
    int rows, columns; // a vector has one row
    const void *values;
    const float *scales; // for int8 and int4: [rows, columns / 32]
};

struct alignas(64) CacheLine {
    uint8_t bytes[64];
};
typedef std::vector<CacheLine> AlignedBuffer;

inline float *floats_in(AlignedBuffer &block) { return reinterpret_cast<float *>(block.data()); }
inline AlignedBuffer aligned_buffer(size_t bytes) { return AlignedBuffer((bytes + 63) / 64); }

constexpr int kBlock = 4 * kPanel; // outputs per block

// A matrix [out, in] in fp32, bf16, fp16, 8 or 4 bits.
class Matrix {
  public:
    Matrix() = default;
    // Allocates the matrix in the arena. Its weights are packed later.
    Matrix(TensorView::Kind kind, int in, int out, Arena &arena);
    // Packs rows [out, in] as the outputs starting with `first`, which is a multiple of 64. With 4 bits, a byte of
    // `rows` contains two values, each with 8 added; the even input's value is in the lower nibble.
    void pack(int first, const TensorView &rows);
    // Packs an entire unquantized matrix that is stored [in, out].
    void pack_transposed(const void *values);

    int in() const { return in_; }
    int out() const { return out_; }
    TensorView::Kind kind() const { return kind_; }
    bool is_quantized() const { return kind_ == TensorView::Kind::int8 || kind_ == TensorView::Kind::int4; }
    // The number of blocks of 64 outputs; the last block may have fewer outputs.
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

// The embedding, in the file's precision.
class Embedding {
  public:
    Embedding() = default;
    Embedding(TensorView::Kind kind, int count, int width, Arena &arena);
    // Copies rows into the embedding, starting with row `first`.
    void copy(int first, const TensorView &rows);
    int count() const { return count_; }
    int width() const { return width_; }
    // Converts row `token` to floats.
    void read(int token, float *to) const;

  private:
    size_t row_bytes() const;
    template <typename Stored> void read_as(int token, float *to) const;

    TensorView::Kind kind_ = TensorView::Kind::floats;
    int count_ = 0, width_ = 0;
    uint8_t *bytes_ = nullptr;
};
