// Reproducible random numbers, and the difference between results and expected values.
#pragma once
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "../kernels/kernels.h"

typedef std::vector<float> Floats;

inline std::mt19937 generator(1);

inline float between(float low, float high) { return std::uniform_real_distribution<float>(low, high)(generator); }
inline int random_integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator); }

inline Floats random_floats(size_t count, float low = -1, float high = 1) {
    Floats values(count);
    for (float &value : values) value = between(low, high);
    return values;
}

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The larger of two differences; NaN if either of them is NaN (std::fmax would ignore it).
inline double larger(double a, double b) { return a >= b || std::isnan(a) ? a : b; }

inline double difference(double ours, double expected) {
    return std::fabs(ours - expected) / std::fmax(1, std::fabs(expected));
}

// The largest difference between two elements; NaN if any of the differences is NaN.
inline double difference(const Floats &ours, const std::vector<double> &expected) {
    double worst = 0;
    for (size_t i = 0; i < expected.size(); i++) worst = larger(worst, difference(ours[i], expected[i]));
    return worst;
}

inline size_t padded(size_t count) { return (count + kPanel - 1) / kPanel * kPanel; }
