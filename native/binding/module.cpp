#include "binding.h"

NAPI_MODULE_INIT() {
    const struct {
        const char *name;
        napi_callback function;
    } functions[] = {
        {"createTensors", create_tensors}, {"addRows", add_rows},       {"createModel", create_model},
        {"instructionSets", instruction_sets}, {"setThreads", set_threads}, {"openReader", open_reader},
        {"save", save},                    {"restore", restore},        {"run", start_run},
        {"cancel", cancel},
    };
    for (const auto &[name, function] : functions) {
        napi_value value;
        if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) != napi_ok ||
            napi_set_named_property(env, exports, name, value) != napi_ok)
            return nullptr;
    }
    return exports;
}
