// Each function returns the largest difference between a recurrence of these kernels, on a random shape, and plain loops
// in double precision.
#pragma once

#include "../kernels/kernels.h"

double time_mix7(const Kernels &kernels);
double time_mix5(const Kernels &kernels);
double wkv4(const Kernels &kernels);
