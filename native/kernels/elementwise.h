// Norms, interpolation and activations over rows.
#pragma once
#include <cmath>

#include "functions.h"

namespace RWKV_ISA {

constexpr float kNormEps = 1e-5f;

static void layer_norm(const float *x, const float *weight, const float *bias, int width, float *y) {
    lanes total = all(0), squares = all(0);
    for (int i = 0; i < width; i += kLanes) total = total + load(x + i);
    float mean = sum(total) / width;
    for (int i = 0; i < width; i += kLanes) {
        lanes d = load(x + i) - mean;
        squares = fma(d, d, squares);
    }
    float scale = 1.0f / std::sqrt(sum(squares) / width + kNormEps);
    for (int i = 0; i < width; i += kLanes) store(y + i, (load(x + i) - mean) * scale * load(weight + i) + load(bias + i));
}

static void interpolate(const float *a, const float *b, const float *weight, int width, float *y) {
    for (int i = 0; i < width; i += kLanes) {
        lanes from = load(a + i);
        store(y + i, from + (load(b + i) - from) * load(weight + i));
    }
}

static void add(const float *x, size_t count, float *y) {
    for (size_t i = 0; i < count; i += kLanes) store(y + i, load(y + i) + load(x + i));
}

static void multiply(const float *x, size_t count, float *y) {
    for (size_t i = 0; i < count; i += kLanes) store(y + i, load(y + i) * load(x + i));
}

static void tanh_row(size_t count, float *x) {
    for (size_t i = 0; i < count; i += kLanes) store(x + i, tanh(load(x + i)));
}

static void sigmoid_row(size_t count, float *x) {
    for (size_t i = 0; i < count; i += kLanes) store(x + i, sigmoid(load(x + i)));
}

static void relu_squared(size_t count, float *x) {
    for (size_t i = 0; i < count; i += kLanes) {
        lanes v = max(load(x + i), all(0));
        store(x + i, v * v);
    }
}

} // namespace RWKV_ISA
