// Each function runs a recurrence of the kernels on a random shape, and returns the largest difference from plain loops
// in double precision.
#pragma once

#include "../kernels/kernels.h"

double time_mix7(const Kernels &kernels);
double time_mix5(const Kernels &kernels);
double wkv4(const Kernels &kernels);
