// Compares the recurrences of RWKV-4 to 7 with plain loops in double precision, for kernels.cpp.
#include "recurrences.h"

#include <cmath>
#include <vector>

#include "numbers.h"

double time_mix7(const Kernels &kernels) {
    const int N = kHeadSize, tokens = random_integer(1, 12);
    Floats vectors[8], rows[8], state = random_floats((size_t)N * N), y((size_t)N * tokens);
    for (Floats &vector : vectors) vector = random_floats(N);
    for (Floats &row : rows) row = random_floats((size_t)N * tokens);
    std::vector<double> S(state.begin(), state.end()), expected(y.size());
    for (int t = 0; t < tokens; t++) {
        auto at = [&](int which, int i) { return (double)rows[which][t * N + i]; };
        std::vector<double> w(N), rate(N), kappa(N), key(N), v(N), out(N);
        double length = 0, bonus = 0, mean = 0, variance = 0;
        for (int i = 0; i < N; i++) {
            w[i] = std::exp(-0.606531 * sigmoid(vectors[0][i] + at(4, i)));
            rate[i] = sigmoid(vectors[1][i] + at(5, i));
            kappa[i] = at(1, i) * vectors[3][i];
            key[i] = at(1, i) * (1 + (rate[i] - 1) * vectors[4][i]);
            v[i] = at(2, i) + (at(3, i) - at(2, i)) * sigmoid(vectors[2][i] + at(6, i));
            length += kappa[i] * kappa[i];
            bonus += at(0, i) * key[i] * vectors[5][i];
        }
        for (double &value : kappa) value /= std::sqrt(length);
        for (int i = 0; i < N; i++) {
            double erased = 0;
            for (int j = 0; j < N; j++) erased += S[j * N + i] * kappa[j];
            for (int j = 0; j < N; j++) {
                S[j * N + i] = S[j * N + i] * w[j] - erased * kappa[j] * rate[j] + v[i] * key[j];
                out[i] += S[j * N + i] * at(0, j);
            }
            mean += out[i] / N;
        }
        for (double value : out) variance += (value - mean) * (value - mean) / N;
        for (int i = 0; i < N; i++) {
            double normed = (out[i] - mean) / std::sqrt(variance + 64e-5) * vectors[6][i] + vectors[7][i];
            expected[t * N + i] = (normed + bonus * v[i]) * at(7, i);
        }
    }
    const TimeMix7 p = {vectors[0].data(), vectors[1].data(), vectors[2].data(), vectors[3].data(),
                        vectors[4].data(), vectors[5].data(), vectors[6].data(), vectors[7].data(), 64e-5f};
    const TimeMix7Rows r = {rows[0].data(), rows[1].data(), rows[2].data(), rows[3].data(),
                            rows[4].data(), rows[5].data(), rows[6].data(), rows[7].data()};
    kernels.time_mix7(p, r, tokens, N, 0, state.data(), y.data());
    return larger(difference(y, expected), difference(state, S));
}

// Tests with and without a decay per token (RWKV-6), with and without a gate, and with decays that erase the state.
double time_mix5(const Kernels &kernels) {
    const int N = random_integer(1, 4) * kPanel, heads = random_integer(1, 3), width = heads * N, head = random_integer(0, heads - 1);
    const int tokens = random_integer(1, 12), at = head * N;
    const bool is_6 = random_integer(0, 1) == 1, has_gate = random_integer(0, 1) == 1;
    const Floats decay = is_6 ? random_floats(width, -6, 3) : random_floats(width, 0, 1);
    const Floats bonus = random_floats(width), weight = random_floats(width), bias = random_floats(width);
    Floats rows[5], state = random_floats((size_t)N * N), y((size_t)width * tokens);
    for (Floats &row : rows) row = random_floats((size_t)width * tokens);
    std::vector<double> S(state.begin(), state.end()), expected((size_t)N * tokens);
    for (int t = 0; t < tokens; t++) {
        auto row = [&](int which, int i) { return (double)rows[which][t * width + at + i]; };
        std::vector<double> out(N);
        double mean = 0, variance = 0;
        for (int i = 0; i < N; i++) {
            const double w = is_6 ? std::exp(-std::exp(decay[at + i] + row(3, i))) : decay[at + i];
            for (int j = 0; j < N; j++) {
                const double fresh = row(1, i) * row(2, j);
                out[j] += row(0, i) * (bonus[at + i] * fresh + S[i * N + j]);
                S[i * N + j] = fresh + w * S[i * N + j];
            }
        }
        for (double value : out) mean += value / N;
        for (double value : out) variance += (value - mean) * (value - mean) / N;
        for (int j = 0; j < N; j++) {
            const double normed = (out[j] - mean) / std::sqrt(variance + 64e-5) * weight[at + j] + bias[at + j];
            expected[t * N + j] = normed * (has_gate ? row(4, j) * sigmoid(row(4, j)) : 1);
        }
    }
    const TimeMix5 p = {decay.data(), bonus.data(), weight.data(), bias.data(), 64e-5f, width, N};
    const TimeMix5Rows r = {rows[0].data(), rows[1].data(), rows[2].data(), is_6 ? rows[3].data() : nullptr,
                            has_gate ? rows[4].data() : nullptr};
    kernels.time_mix5(p, r, tokens, head, state.data(), y.data());
    Floats current;
    for (int t = 0; t < tokens; t++) current.insert(current.end(), y.begin() + t * width + at, y.begin() + t * width + at + N);
    return larger(difference(current, expected), difference(state, S));
}

// Some keys are so large that their exponentials would overflow.
double wkv4(const Kernels &kernels) {
    const int width = random_integer(1, 6) * kPanel, tokens = random_integer(1, 12);
    const Floats k = random_floats((size_t)width * tokens, -150, 150), v = random_floats((size_t)width * tokens);
    const Floats decay = random_floats(width, -3, -0.01f), first = random_floats(width);
    Floats state(3 * (size_t)width), y((size_t)width * tokens);
    for (int c = 0; c < width; c++) state[2 * width + c] = -1e30f;
    std::vector<double> expected(y.size());
    for (int c = 0; c < width; c++) {
        double aa = 0, bb = 0, pp = -1e30;
        for (int t = 0; t < tokens; t++) {
            double key = k[t * width + c], value = v[t * width + c], worst = std::fmax(pp, first[c] + key);
            double past = std::exp(pp - worst), current = std::exp(first[c] + key - worst);
            expected[t * width + c] = (past * aa + current * value) / (past * bb + current);
            worst = std::fmax(pp + decay[c], key);
            past = std::exp(pp + decay[c] - worst), current = std::exp(key - worst);
            aa = past * aa + current * value, bb = past * bb + current, pp = worst;
        }
    }
    kernels.wkv4({k.data(), v.data(), decay.data(), first.data(), width}, tokens, 0, width, state.data(), y.data());
    return difference(y, expected);
}
