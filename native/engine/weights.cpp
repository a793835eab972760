#include "weights.h"

#include <cstring>

static int panels_of(int out) { return (out + kPanel - 1) / kPanel; }

Matrix::Matrix(const TensorView &tensor, bool is_turned, Arena &arena) {
    in_ = is_turned ? tensor.rows : tensor.columns;
    out_ = is_turned ? tensor.columns : tensor.rows;
    kind_ = tensor.kind;
    if (is_quantised())
        pack(tensor, arena);
    else
        pack_floats(tensor, is_turned, arena);
}

int Matrix::outputs(int first_block, int blocks) const {
    const int left = out_ - first_block * kBlock;
    return left < blocks * kBlock ? left : blocks * kBlock;
}

FloatMatrix Matrix::floats(int first_block, int blocks) const {
    const float *floats = reinterpret_cast<const float *>(packed_);
    return {in_, outputs(first_block, blocks), floats + (size_t)first_block * kBlock * in_};
}

// Of one panel's weights.
static size_t group_bytes(TensorView::Kind kind) { return kPanel * kGroup / (kind == TensorView::Kind::int4 ? 2 : 1); }

// The blocks before the last are whole ones.
PackedMatrix Matrix::packed(int first_block, int blocks) const {
    const size_t bytes = (size_t)(in_ / kGroup) * 4 * (kPanel * sizeof(float) + group_bytes(kind_));
    return {in_, outputs(first_block, blocks), packed_ + first_block * bytes};
}

void Matrix::pack_floats(const TensorView &tensor, bool is_turned, Arena &arena) {
    const float *from = static_cast<const float *>(tensor.values);
    const int count = panels_of(out_);
    uint8_t *memory = arena.take(sizeof(float) * count * kPanel * in_);
    packed_ = memory;
    float *to = reinterpret_cast<float *>(memory);
    for (int panel = 0; panel < count;) {
        const int together = panel + 4 <= count ? 4 : 1;
        for (int i = 0; i < in_; i++)
            for (int o = panel * kPanel; o < (panel + together) * kPanel; o++)
                *to++ = o >= out_ ? 0 : from[is_turned ? (size_t)i * out_ + o : (size_t)o * in_ + i];
        panel += together;
    }
}

// The layout is that of PackedMatrix in kernels.h.
void Matrix::pack(const TensorView &tensor, Arena &arena) {
    const uint8_t *values = static_cast<const uint8_t *>(tensor.values);
    const bool is_int4 = kind_ == TensorView::Kind::int4;
    const int groups = in_ / kGroup, count = panels_of(out_), step = is_int4 ? 8 : 4;
    uint8_t *to = arena.take((size_t)count * groups * (kPanel * sizeof(float) + group_bytes(kind_)));
    packed_ = to;
    // Four bytes of one output, for the inputs from k on: in 4 bits each holds a weight and the fourth one behind it.
    auto put = [&](int o, int k) {
        uint32_t bytes = is_int4 ? 0x88888888 : 0x80808080; // zeros
        if (o < out_ && is_int4) {
            const uint8_t *pairs = values + ((size_t)o * in_ + k) / 2;
            uint8_t part[4];
            for (int i = 0; i < 2; i++) {
                part[2 * i] = (uint8_t)((pairs[i] & 15) | pairs[i + 2] << 4);
                part[2 * i + 1] = (uint8_t)(pairs[i] >> 4 | (pairs[i + 2] & 0xf0));
            }
            memcpy(&bytes, part, sizeof bytes);
        } else if (o < out_) {
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
                float scale = o < out_ ? tensor.scales[(size_t)o * groups + g] : 0;
                memcpy(to, &scale, sizeof scale), to += sizeof scale;
            }
            for (int k = g * kGroup; k < (g + 1) * kGroup; k += step)
                for (int o = first; o < last; o++) put(o, k);
        }
        panel += together;
    }
}

Embedding::Embedding(const TensorView &tensor) : kind_(tensor.kind), count_(tensor.rows), width_(tensor.columns) {
    size_t bytes = (size_t)count_ * width_ * (kind_ == TensorView::Kind::floats ? 4 : 2);
    bytes_.assign(static_cast<const uint8_t *>(tensor.values), static_cast<const uint8_t *>(tensor.values) + bytes);
}

static float from_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 1023, bits;
    if (exponent == 31)
        bits = sign | 0x7f800000 | fraction << 13;
    else if (exponent > 0)
        bits = sign | (exponent + 112) << 23 | fraction << 13;
    else {
        float value = fraction * 5.9604644775390625e-8f; // 2^-24
        memcpy(&bits, &value, sizeof bits);
        bits |= sign;
    }
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void Embedding::read(int token, float *to) const {
    if (kind_ == TensorView::Kind::floats) {
        memcpy(to, bytes_.data() + (size_t)token * width_ * 4, (size_t)width_ * 4);
        return;
    }
    for (int i = 0; i < width_; i++) {
        uint16_t stored;
        memcpy(&stored, bytes_.data() + ((size_t)token * width_ + i) * 2, sizeof stored);
        if (kind_ == TensorView::Kind::halves) {
            to[i] = from_half(stored);
            continue;
        }
        uint32_t bits = (uint32_t)stored << 16;
        memcpy(to + i, &bits, sizeof bits);
    }
}
