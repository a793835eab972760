#include "weights.h"

#include <cstring>

static int panels_of(int out) { return (out + kPanel - 1) / kPanel; }

Matrix::Matrix(const TensorView &tensor, bool is_turned) {
    in_ = is_turned ? tensor.rows : tensor.columns;
    out_ = is_turned ? tensor.columns : tensor.rows;
    is_quantised_ = tensor.kind == TensorView::Kind::quantised;
    if (is_quantised_)
        pack_int8(tensor);
    else
        pack_floats(tensor, is_turned);
}

int Matrix::outputs(int first_block, int blocks) const {
    const int left = out_ - first_block * kBlock;
    return left < blocks * kBlock ? left : blocks * kBlock;
}

FloatMatrix Matrix::floats(int first_block, int blocks) const {
    const float *panels = reinterpret_cast<const float *>(block_.data());
    return {in_, outputs(first_block, blocks), panels + (size_t)first_block * kBlock * in_};
}

// The blocks before the last are whole ones.
Int8Matrix Matrix::int8(int first_block, int blocks) const {
    const size_t bytes = (size_t)(in_ / kGroup) * kBlock * (sizeof(float) + kGroup);
    return {in_, outputs(first_block, blocks), block_[0].bytes + first_block * bytes};
}

void Matrix::pack_floats(const TensorView &tensor, bool is_turned) {
    const float *from = static_cast<const float *>(tensor.values);
    block_ = block_of(sizeof(float) * panels_of(out_) * kPanel * in_);
    float *to = floats_of(block_);
    for (int panel = 0; panel < panels_of(out_); panel++)
        for (int i = 0; i < in_; i++)
            for (int lane = 0; lane < kPanel; lane++) {
                size_t o = (size_t)panel * kPanel + lane;
                *to++ = o >= (size_t)out_ ? 0 : from[is_turned ? (size_t)i * out_ + o : o * in_ + i];
            }
}

// The layout is that of Int8Matrix in kernels.h.
void Matrix::pack_int8(const TensorView &tensor) {
    const int8_t *values = static_cast<const int8_t *>(tensor.values);
    const int groups = in_ / kGroup, count = panels_of(out_);
    block_ = block_of((size_t)count * groups * (kPanel * sizeof(float) + kPanel * kGroup));
    uint8_t *to = block_[0].bytes;
    auto put = [&](const void *from, size_t bytes) { memcpy(to, from, bytes), to += bytes; };
    for (int panel = 0; panel < count;) {
        const int together = panel + 4 <= count ? 4 : 1;
        for (int g = 0; g < groups; g++) {
            for (int o = panel * kPanel; o < (panel + together) * kPanel; o++) {
                float scale = o < out_ ? tensor.scales[(size_t)o * groups + g] : 0;
                put(&scale, sizeof scale);
            }
            for (int k = g * kGroup; k < (g + 1) * kGroup; k += 4)
                for (int o = panel * kPanel; o < (panel + together) * kPanel; o++) {
                    uint8_t four[4];
                    for (int i = 0; i < 4; i++) four[i] = o < out_ ? (uint8_t)values[(size_t)o * in_ + k + i] ^ 0x80 : 0x80;
                    put(four, sizeof four);
                }
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
