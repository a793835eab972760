// LayerNorm, then the token shift: out_i = x_t + (x_(t-1) - x_t) * mix_i, for n mixes at once (RWKV-7 paper, eq. 3).
#include "common.h"

#define EPS 1e-5f

// x [B, T, C] fp32; mix [n, C]; last [B, C]: the normalized vector before the first token, replaced by the last token's
// vector. out [n, B, T, C] bf16; mean and rstd [B, T] are saved for the backward pass.
void norm_mix_forward(int B, int T, int C, int n, const float *x, const float *gamma, const float *beta, const float *mix,
                      const uint8_t *starts, float *last, bf16 *out, float *mean, float *rstd) {
#pragma omp parallel for schedule(static)
    for (int b = 0; b < B; b++) {
        float *previous = last + (size_t)b * C;
        float *normed = malloc(sizeof(float) * C);
        for (int t = 0; t < T; t++) {
            size_t at = (size_t)b * T + t;
            const float *row = x + at * C;
            float sum = 0, squares = 0;
            for (int c = 0; c < C; c++) sum += row[c];
            float m = sum / C;
            for (int c = 0; c < C; c++) squares += (row[c] - m) * (row[c] - m);
            float r = 1.0f / sqrtf(squares / C + EPS);
            mean[at] = m;
            rstd[at] = r;
            for (int c = 0; c < C; c++) normed[c] = (row[c] - m) * r * gamma[c] + beta[c];
            if (starts_here(starts, b, t, T)) memset(previous, 0, sizeof(float) * C);
            for (int i = 0; i < n; i++) {
                bf16 *o = out + ((size_t)i * B * T + at) * C;
                const float *w = mix + (size_t)i * C;
                for (int c = 0; c < C; c++) o[c] = to_bf16(normed[c] + (previous[c] - normed[c]) * w[c]);
            }
            memcpy(previous, normed, sizeof(float) * C);
        }
        free(normed);
    }
}

// grads: n pointers to [B, T, C] bf16; first [B, C]: the normalized vector before the first token.
// gx [B, T, C]; parameter gradients per row: ggamma, gbeta [B, C], gmix [B, n, C], to be summed over B.
void norm_mix_backward(int B, int T, int C, int n, const float *x, const float *gamma, const float *beta, const float *mix,
                       const uint8_t *starts, const float *first, const float *mean, const float *rstd,
                       const bf16 *const *grads, float *gx, float *ggamma, float *gbeta, float *gmix) {
#pragma omp parallel for schedule(static)
    for (int b = 0; b < B; b++) {
        float *carry = calloc(C, sizeof(float)), *d = malloc(sizeof(float) * C), *passed = malloc(sizeof(float) * C);
        float *shift = malloc(sizeof(float) * C), *hat = malloc(sizeof(float) * C);
        float *gg = ggamma + (size_t)b * C, *gb = gbeta + (size_t)b * C, *gm = gmix + (size_t)b * n * C;
        memset(gg, 0, sizeof(float) * C);
        memset(gb, 0, sizeof(float) * C);
        memset(gm, 0, sizeof(float) * n * C);
        for (int t = T - 1; t >= 0; t--) {
            size_t at = (size_t)b * T + t;
            const float *row = x + at * C;
            float m = mean[at], r = rstd[at];
            int start = starts_here(starts, b, t, T);
            for (int c = 0; c < C; c++) hat[c] = (row[c] - m) * r;
            // shift = x_(t-1) - x_t, both normalized.
            if (start)
                for (int c = 0; c < C; c++) shift[c] = -(hat[c] * gamma[c] + beta[c]);
            else if (t == 0)
                for (int c = 0; c < C; c++) shift[c] = first[(size_t)b * C + c] - (hat[c] * gamma[c] + beta[c]);
            else {
                const float *before = row - C;
                float bm = mean[at - 1], br = rstd[at - 1];
                for (int c = 0; c < C; c++) shift[c] = ((before[c] - bm) * br - hat[c]) * gamma[c];
            }
            memcpy(d, carry, sizeof(float) * C);
            memset(passed, 0, sizeof(float) * C);
            for (int i = 0; i < n; i++) {
                const bf16 *g = grads[i] + at * C;
                const float *w = mix + (size_t)i * C;
                float *sum = gm + (size_t)i * C;
                for (int c = 0; c < C; c++) {
                    float z = from_bf16(g[c]);
                    d[c] += z * (1 - w[c]);
                    passed[c] += z * w[c];
                    sum[c] += z * shift[c];
                }
            }
            if (start) memset(passed, 0, sizeof(float) * C);
            float *swap = carry;
            carry = passed;
            passed = swap;
            float sum = 0, dot = 0;
            for (int c = 0; c < C; c++) {
                gg[c] += d[c] * hat[c];
                gb[c] += d[c];
                d[c] *= gamma[c];
                sum += d[c];
                dot += d[c] * hat[c];
            }
            sum /= C;
            dot /= C;
            for (int c = 0; c < C; c++) gx[at * C + c] = r * (d[c] - sum - hat[c] * dot);
        }
        free(carry), free(d), free(passed), free(shift), free(hat);
    }
}
