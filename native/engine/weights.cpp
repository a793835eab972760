#include "weights.h"

#include <cstring>

static int panels_of(int out) { return (out + kPanel - 1) / kPanel; }

Matrix::Matrix(TensorView::Kind kind, int in, int out, Arena &arena) : in_(in), out_(out), kind_(kind) {
    packed_ = arena.take(output_bytes() * panels_of(out) * kPanel);
}

// Bytes per output, including its scales.
size_t Matrix::output_bytes() const {
    if (!is_quantized()) return (kind_ == TensorView::Kind::floats ? sizeof(float) : sizeof(uint16_t)) * in_;
    return (size_t)(in_ / kGroup) * (sizeof(float) + kGroup / (kind_ == TensorView::Kind::int4 ? 2 : 1));
}

int Matrix::outputs(int first_block, int blocks) const {
    const int left = out_ - first_block * kBlock;
    return left < blocks * kBlock ? left : blocks * kBlock;
}

// Packs panels in the layout of PlainMatrix. weight(i, o) returns the weight of input i and output o.
template <typename Stored, typename Weight> static void pack_plain(int in, int out, Stored *to, Weight weight) {
    const int count = panels_of(out);
    for (int panel = 0; panel < count;) {
        const int together = panel + 4 <= count ? 4 : 1;
        for (int i = 0; i < in; i++)
            for (int o = panel * kPanel; o < (panel + together) * kPanel; o++) *to++ = o < out ? weight(i, o) : Stored{};
        panel += together;
    }
}

template <typename Stored> static void pack_transposed(int in, int out, const void *values, void *to) {
    auto weight = [&](int i, int o) { return static_cast<const Stored *>(values)[(size_t)i * out + o]; };
    pack_plain(in, out, static_cast<Stored *>(to), weight);
}

void Matrix::pack_transposed(const void *values) {
    switch (kind_) {
    case TensorView::Kind::bf16: return ::pack_transposed<Bf16>(in_, out_, values, packed_);
    case TensorView::Kind::fp16: return ::pack_transposed<Fp16>(in_, out_, values, packed_);
    default: return ::pack_transposed<float>(in_, out_, values, packed_);
    }
}

void Matrix::pack(int first, const TensorView &rows) {
    if (is_quantized()) return pack_quantized(first, rows);
    const float *values = static_cast<const float *>(rows.values);
    auto weight = [&](int i, int o) { return values[(size_t)o * in_ + i]; };
    pack_plain(in_, rows.rows, reinterpret_cast<float *>(packed_ + first * output_bytes()), weight);
}

// Packs rows in the layout of PackedMatrix.
void Matrix::pack_quantized(int first_output, const TensorView &rows) {
    const uint8_t *values = static_cast<const uint8_t *>(rows.values);
    const bool is_int4 = kind_ == TensorView::Kind::int4;
    const int out = rows.rows, groups = in_ / kGroup, count = panels_of(out), step = is_int4 ? 8 : 4;
    uint8_t *to = packed_ + first_output * output_bytes();
    // Writes four bytes of an output, for the inputs starting with k. With 4 bits, byte i contains the inputs k + i and
    // k + i + 4.
    auto put = [&](int o, int k) {
        uint32_t bytes = is_int4 ? 0x88888888 : 0x80808080; // the stored form of zeros
        if (o < out && is_int4) {
            const uint8_t *pairs = values + ((size_t)o * in_ + k) / 2;
            uint8_t part[4];
            for (int i = 0; i < 2; i++) {
                part[2 * i] = (uint8_t)((pairs[i] & 15) | pairs[i + 2] << 4);
                part[2 * i + 1] = (uint8_t)(pairs[i] >> 4 | (pairs[i + 2] & 0xf0));
            }
            memcpy(&bytes, part, sizeof bytes);
        } else if (o < out) {
            uint32_t four;
            memcpy(&four, values + (size_t)o * in_ + k, sizeof four);
            bytes ^= four;
        }
        memcpy(to, &bytes, sizeof bytes), to += sizeof bytes;
    };
    for (int panel = 0; panel < count;) {
        const int together = panel + 4 <= count ? 4 : 1;
        const int first = panel * kPanel, last = first + together * kPanel;
        for (int g = 0; g < groups; g++) {
            for (int o = first; o < last; o++) {
                float scale = o < out ? rows.scales[(size_t)o * groups + g] : 0;
                memcpy(to, &scale, sizeof scale), to += sizeof scale;
            }
            for (int k = g * kGroup; k < (g + 1) * kGroup; k += step)
                for (int o = first; o < last; o++) put(o, k);
        }
        panel += together;
    }
}

Embedding::Embedding(TensorView::Kind kind, int count, int width, Arena &arena) : kind_(kind), count_(count), width_(width) {
    bytes_ = arena.take(row_bytes() * count);
}

size_t Embedding::row_bytes() const { return (size_t)width_ * (kind_ == TensorView::Kind::floats ? 4 : 2); }

void Embedding::copy(int first, const TensorView &rows) {
    memcpy(bytes_ + first * row_bytes(), rows.values, rows.rows * row_bytes());
}

template <typename Stored> void Embedding::read_as(int token, float *to) const {
    const Stored *row = reinterpret_cast<const Stored *>(bytes_ + token * row_bytes());
    for (int i = 0; i < width_; i++) to[i] = to_float(row[i]);
}

void Embedding::read(int token, float *to) const {
    switch (kind_) {
    case TensorView::Kind::bf16: return read_as<Bf16>(token, to);
    case TensorView::Kind::fp16: return read_as<Fp16>(token, to);
    default: return read_as<float>(token, to);
    }
}
