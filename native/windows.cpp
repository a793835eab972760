// Windows only. The addon imports Node-API's functions from "node.exe", with delayed loading. But the functions are in
// the program that loads the addon, which may also be Code.exe or another one. So this hook returns that program.
#include <windows.h>

#include <delayimp.h>

namespace {

FARPROC WINAPI find_host(unsigned event, DelayLoadInfo *info) {
    if (event != dliNotePreLoadLibrary || lstrcmpiA(info->szDll, "node.exe") != 0) return nullptr;
    return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

} // namespace

extern "C" {
extern PfnDliHook __pfnDliNotifyHook2;
PfnDliHook __pfnDliNotifyHook2 = find_host;
}
