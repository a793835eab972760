// Windows only. The functions of Node-API are in the program that loads the addon, which may be node.exe, Code.exe or
// another one. They are imported with delayed loading from "node.exe"; this hook returns the running program instead.
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
