// Cross-entropy over rows of bf16 logits, and the squared ReLU of the channel-mix.
#include "common.h"

// Replaces logits [rows, V] with their scaled gradients; losses [rows] are in nats. Negative targets are ignored.
void cross_entropy(int rows, int V, bf16 *logits, const int64_t *targets, float scale, float *losses) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < rows; i++) {
        bf16 *row = logits + (size_t)i * V;
        if (targets[i] < 0) {
            memset(row, 0, sizeof(bf16) * V);
            losses[i] = 0;
            continue;
        }
        float maximum = -INFINITY, sum = 0;
        for (int j = 0; j < V; j++) {
            float z = from_bf16(row[j]);
            maximum = z > maximum ? z : maximum;
        }
        for (int j = 0; j < V; j++) sum += expf(from_bf16(row[j]) - maximum);
        float target = from_bf16(row[targets[i]]);
        losses[i] = logf(sum) + maximum - target;
        float factor = scale / sum;
        for (int j = 0; j < V; j++) row[j] = to_bf16(expf(from_bf16(row[j]) - maximum) * factor);
        row[targets[i]] = to_bf16((expf(target - maximum) / sum - 1) * scale);
    }
}

void relu_squared(size_t n, const bf16 *x, bf16 *y) {
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++) {
        float z = from_bf16(x[i]);
        y[i] = z > 0 ? to_bf16(z * z) : 0;
    }
}

void relu_squared_backward(size_t n, const bf16 *x, const bf16 *gy, bf16 *gx) {
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++) {
        float z = from_bf16(x[i]);
        gx[i] = z > 0 ? to_bf16(2 * z * from_bf16(gy[i])) : 0;
    }
}
