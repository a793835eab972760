// The functions that the addon exports to JavaScript. Each throws a TypeError if an argument is invalid.
#pragma once
#include "../engine/model.h"
#include "node.h"

napi_value create_tensors(napi_env env, napi_callback_info info);
napi_value add_rows(napi_env env, napi_callback_info info);
napi_value create_model(napi_env env, napi_callback_info info);
napi_value instruction_sets(napi_env env, napi_callback_info info);
napi_value set_threads(napi_env env, napi_callback_info info);

napi_value open_reader(napi_env env, napi_callback_info info);
napi_value save(napi_env env, napi_callback_info info);
napi_value restore(napi_env env, napi_callback_info info);
napi_value distance(napi_env env, napi_callback_info info);
napi_value pack_state(napi_env env, napi_callback_info info);
napi_value start_run(napi_env env, napi_callback_info info);
napi_value step(napi_env env, napi_callback_info info);
napi_value summarize(napi_env env, napi_callback_info info);
napi_value cancel(napi_env env, napi_callback_info info);

napi_value close_handle(napi_env env, napi_callback_info info);
