// RWKV-4's WKV and its gate: out = sigmoid(r) * wkv (RWKV-4 paper, eq. 16 and appendix D), sixteen channels at a time.
#include "common.h"

#define EMPTY_EXPONENT -1e30f // the exponent of an empty sum

typedef struct {
    float aa[LANES], bb[LANES], pp[LANES]; // numerator, denominator, their common exponent
} State;

static void forget(State *s) {
    for (int i = 0; i < LANES; i++) s->aa[i] = s->bb[i] = 0, s->pp[i] = EMPTY_EXPONENT;
}

// state [B, 3, C] (aa, bb, pp) is updated. r, k, v, out [B, T, C] bf16; decay and first [C] as stored
// (the decay per token is exp(-exp(decay))); y [B, T, C], the WKV, is saved for the backward pass.
void time_mix4_forward(int B, int T, int C, const bf16 *r, const bf16 *k, const bf16 *v, const float *decay,
                       const float *first, const uint8_t *starts, float *state, bf16 *out, float *y) {
#pragma omp parallel for collapse(2) schedule(static)
    for (int b = 0; b < B; b++)
        for (int c = 0; c < C; c += LANES) {
            State s;
            float *own = state + (size_t)b * 3 * C + c;
            memcpy(s.aa, own, sizeof s.aa), memcpy(s.bb, own + C, sizeof s.bb), memcpy(s.pp, own + 2 * C, sizeof s.pp);
            for (int t = 0; t < T; t++) {
                size_t at = ((size_t)b * T + t) * C + c;
                if (starts_here(starts, b, t, T)) forget(&s);
#pragma omp simd
                for (int i = 0; i < LANES; i++) {
                    float w = -expf(decay[c + i]), kk = from_bf16(k[at + i]), vv = from_bf16(v[at + i]);
                    float now = first[c + i] + kk, p = fmaxf(s.pp[i], now), e1 = expf(s.pp[i] - p), e2 = expf(now - p);
                    float wkv = (e1 * s.aa[i] + e2 * vv) / (e1 * s.bb[i] + e2);
                    y[at + i] = wkv;
                    out[at + i] = to_bf16(wkv * sigmoid(from_bf16(r[at + i])));
                    float old = s.pp[i] + w;
                    p = fmaxf(old, kk), e1 = expf(old - p), e2 = expf(kk - p);
                    s.aa[i] = e1 * s.aa[i] + e2 * vv;
                    s.bb[i] = e1 * s.bb[i] + e2;
                    s.pp[i] = p;
                }
            }
            memcpy(own, s.aa, sizeof s.aa), memcpy(own + C, s.bb, sizeof s.bb), memcpy(own + 2 * C, s.pp, sizeof s.pp);
        }
}

// before [B, 3, C]: the state before the first token. gr, gk, gv [B, T, C] bf16; gdecay, gfirst [B, C], to be summed.
void time_mix4_backward(int B, int T, int C, const bf16 *r, const bf16 *k, const bf16 *v, const float *decay,
                        const float *first, const uint8_t *starts, const float *before, const float *y,
                        const bf16 *gout, bf16 *gr, bf16 *gk, bf16 *gv, float *gdecay, float *gfirst) {
#pragma omp parallel for collapse(2) schedule(static)
    for (int b = 0; b < B; b++)
        for (int c = 0; c < C; c += LANES) {
            // Per token: the gradient of the WKV divided by its denominator, and the exponent of the token's own term.
            float(*slope)[LANES] = malloc(sizeof(float) * T * LANES), (*own)[LANES] = malloc(sizeof(float) * T * LANES);
            State s;
            float da[LANES] = {0}, db[LANES] = {0}, gw[LANES] = {0}, gu[LANES] = {0}; // da, db: d aa / d w, d bb / d w
            const float *from = before + (size_t)b * 3 * C + c;
            memcpy(s.aa, from, sizeof s.aa), memcpy(s.bb, from + C, sizeof s.bb), memcpy(s.pp, from + 2 * C, sizeof s.pp);
            for (int t = 0; t < T; t++) {
                size_t at = ((size_t)b * T + t) * C + c;
                if (starts_here(starts, b, t, T)) {
                    forget(&s);
                    memset(da, 0, sizeof da), memset(db, 0, sizeof db);
                }
#pragma omp simd
                for (int i = 0; i < LANES; i++) {
                    float w = -expf(decay[c + i]), kk = from_bf16(k[at + i]), vv = from_bf16(v[at + i]), yy = y[at + i];
                    float gate = sigmoid(from_bf16(r[at + i])), go = from_bf16(gout[at + i]);
                    gr[at + i] = to_bf16(go * yy * gate * (1 - gate));
                    float now = first[c + i] + kk, p = fmaxf(s.pp[i], now), e1 = expf(s.pp[i] - p), e2 = expf(now - p);
                    float q = go * gate / (e1 * s.bb[i] + e2);
                    gw[i] += (da[i] - db[i] * yy) * e1 * q;
                    gu[i] += (vv - yy) * e2 * q;
                    slope[t][i] = q;
                    own[t][i] = now - p;
                    float old = s.pp[i] + w;
                    p = fmaxf(old, kk), e1 = expf(old - p), e2 = expf(kk - p);
                    da[i] = e1 * (s.aa[i] + da[i]);
                    db[i] = e1 * (s.bb[i] + db[i]);
                    s.aa[i] = e1 * s.aa[i] + e2 * vv;
                    s.bb[i] = e1 * s.bb[i] + e2;
                    s.pp[i] = p;
                }
            }
            for (int i = 0; i < LANES; i++) {
                gdecay[(size_t)b * C + c + i] = gw[i] * -expf(decay[c + i]);
                gfirst[(size_t)b * C + c + i] = gu[i];
            }
            forget(&s); // from here on, s has the sums over later tokens
            for (int t = T - 1; t >= 0; t--) {
                size_t at = ((size_t)b * T + t) * C + c;
#pragma omp simd
                for (int i = 0; i < LANES; i++) {
                    float w = -expf(decay[c + i]), kk = from_bf16(k[at + i]), vv = from_bf16(v[at + i]), yy = y[at + i];
                    float q = slope[t][i], e1 = q * expf(own[t][i]), e2 = expf(kk + s.pp[i]);
                    gk[at + i] = to_bf16(e1 * (vv - yy) + e2 * (s.aa[i] * vv + s.bb[i]));
                    gv[at + i] = to_bf16(e1 + e2 * s.aa[i]);
                    float later = w + s.pp[i], here = own[t][i] - first[c + i] - kk, p = fmaxf(later, here);
                    e1 = expf(later - p), e2 = q * expf(here - p);
                    s.aa[i] = e1 * s.aa[i] + e2;
                    s.bb[i] = e1 * s.bb[i] - e2 * yy;
                    s.pp[i] = p;
                }
                if (starts_here(starts, b, t, T)) forget(&s);
            }
            free(slope), free(own);
        }
}
