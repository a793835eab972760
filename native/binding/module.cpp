#include "binding.h"

// close(handle): frees the tensors, model or reader as soon as nothing else uses them. The handle is invalid
// afterwards; closing it again has no effect.
napi_value close_handle(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<1> arguments(env, info);
        box_of(env, arguments.at[0], "handle").owned.reset();
        return nullptr;
    });
}

NAPI_MODULE_INIT() {
    const struct {
        const char *name;
        napi_callback function;
    } functions[] = {
        {"createTensors", create_tensors}, {"addRows", add_rows},       {"createModel", create_model},
        {"instructionSets", instruction_sets}, {"setThreads", set_threads}, {"openReader", open_reader},
        {"save", save},                    {"restore", restore},        {"run", start_run},
        {"cancel", cancel},                {"close", close_handle},   {"distance", distance},
        {"step", step},                    {"summarize", summarize},           {"packState", pack_state},
    };
    for (const auto &[name, function] : functions) {
        napi_value value;
        if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) != napi_ok ||
            napi_set_named_property(env, exports, name, value) != napi_ok)
            return nullptr;
    }
    return exports;
}
