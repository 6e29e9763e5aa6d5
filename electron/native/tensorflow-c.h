// The part of TensorFlow's C interface that the addon calls, declared here so that it compiles without TensorFlow's
// headers. The interface is stable: these declarations hold for all libraries 2.x (see tensorflow/c/c_api.h,
// tensorflow/c/kernels.h and tensorflow/c/eager/c_api.h there).
#pragma once
#include <cstddef>
#include <cstdint>

struct TF_Status;
struct TF_Tensor;
struct TF_Graph;
struct TF_Operation;
struct TF_OperationDescription;
struct TF_Session;
struct TF_SessionOptions;
struct TF_Function;
struct TF_FunctionOptions;
struct TF_DeviceList;
struct TFE_Context;
struct TFE_ContextOptions;
struct TFE_TensorHandle;
struct TFE_Op;
struct TF_KernelBuilder;
struct TF_OpKernelConstruction;
struct TF_OpKernelContext;

struct TF_Output {
  TF_Operation* oper;
  int index;
};

struct TF_Buffer {
  const void* data;
  size_t length;
  void (*data_deallocator)(void* data, size_t length);
};

// Numbers of the enumeration TF_DataType.
enum : int { TF_FLOAT = 1, TF_DOUBLE = 2, TF_INT32 = 3, TF_INT64 = 9, TF_BOOL = 10 };
// Of the enumeration TF_Code.
enum : int { TF_OK = 0 };

// Every function once: result, name, parameters. `library.cc` looks each of them up when the library is opened.
#define TENSORFLOW_FUNCTIONS(F)                                                                                        \
  F(const char*, TF_Version, ())                                                                                       \
  F(TF_Status*, TF_NewStatus, ())                                                                                      \
  F(void, TF_DeleteStatus, (TF_Status*))                                                                               \
  F(int, TF_GetCode, (const TF_Status*))                                                                               \
  F(const char*, TF_Message, (const TF_Status*))                                                                       \
  F(TF_Buffer*, TF_NewBuffer, ())                                                                                      \
  F(void, TF_DeleteBuffer, (TF_Buffer*))                                                                               \
  F(TF_Tensor*, TF_AllocateTensor, (int, const int64_t*, int, size_t))                                                 \
  F(void, TF_DeleteTensor, (TF_Tensor*))                                                                               \
  F(int, TF_TensorType, (const TF_Tensor*))                                                                            \
  F(size_t, TF_TensorByteSize, (const TF_Tensor*))                                                                     \
  F(void*, TF_TensorData, (const TF_Tensor*))                                                                          \
  F(int64_t, TF_TensorElementCount, (const TF_Tensor*))                                                                \
  F(int, TF_DeviceListCount, (const TF_DeviceList*))                                                                   \
  F(const char*, TF_DeviceListName, (const TF_DeviceList*, int, TF_Status*))                                           \
  F(const char*, TF_DeviceListType, (const TF_DeviceList*, int, TF_Status*))                                           \
  F(int64_t, TF_DeviceListMemoryBytes, (const TF_DeviceList*, int, TF_Status*))                                        \
  F(void, TF_DeleteDeviceList, (TF_DeviceList*))                                                                       \
  F(TFE_ContextOptions*, TFE_NewContextOptions, ())                                                                    \
  F(void, TFE_ContextOptionsSetConfig, (TFE_ContextOptions*, const void*, size_t, TF_Status*))                         \
  F(void, TFE_DeleteContextOptions, (TFE_ContextOptions*))                                                             \
  F(TFE_Context*, TFE_NewContext, (const TFE_ContextOptions*, TF_Status*))                                             \
  F(TF_DeviceList*, TFE_ContextListDevices, (TFE_Context*, TF_Status*))                                                \
  F(void, TFE_ContextAddFunction, (TFE_Context*, TF_Function*, TF_Status*))                                            \
  F(void, TFE_ContextRemoveFunction, (TFE_Context*, const char*, TF_Status*))                                          \
  F(TFE_TensorHandle*, TFE_NewTensorHandle, (const TF_Tensor*, TF_Status*))                                            \
  F(void, TFE_DeleteTensorHandle, (TFE_TensorHandle*))                                                                 \
  F(int, TFE_TensorHandleDataType, (TFE_TensorHandle*))                                                                \
  F(int, TFE_TensorHandleNumDims, (TFE_TensorHandle*, TF_Status*))                                                     \
  F(int64_t, TFE_TensorHandleDim, (TFE_TensorHandle*, int, TF_Status*))                                                \
  F(TF_Tensor*, TFE_TensorHandleResolve, (TFE_TensorHandle*, TF_Status*))                                              \
  F(TFE_TensorHandle*, TFE_TensorHandleCopyToDevice, (TFE_TensorHandle*, TFE_Context*, const char*, TF_Status*))       \
  F(TFE_Op*, TFE_NewOp, (TFE_Context*, const char*, TF_Status*))                                                       \
  F(void, TFE_DeleteOp, (TFE_Op*))                                                                                     \
  F(void, TFE_OpAddInput, (TFE_Op*, TFE_TensorHandle*, TF_Status*))                                                    \
  F(void, TFE_OpAddInputList, (TFE_Op*, TFE_TensorHandle**, int, TF_Status*))                                          \
  F(void, TFE_OpSetAttrType, (TFE_Op*, const char*, int))                                                              \
  F(void, TFE_OpSetAttrBool, (TFE_Op*, const char*, unsigned char))                                                    \
  F(void, TFE_OpSetAttrInt, (TFE_Op*, const char*, int64_t))                                                           \
  F(void, TFE_OpSetAttrFloat, (TFE_Op*, const char*, float))                                                           \
  F(void, TFE_OpSetAttrIntList, (TFE_Op*, const char*, const int64_t*, int))                                           \
  F(void, TFE_OpSetAttrShape, (TFE_Op*, const char*, const int64_t*, int, TF_Status*))                                 \
  F(void, TFE_OpSetAttrString, (TFE_Op*, const char*, const void*, size_t))                                            \
  F(void, TFE_Execute, (TFE_Op*, TFE_TensorHandle**, int*, TF_Status*))                                                \
  F(TF_Graph*, TF_NewGraph, ())                                                                                        \
  F(void, TF_DeleteGraph, (TF_Graph*))                                                                                 \
  F(void, TF_GraphGetOpDef, (TF_Graph*, const char*, TF_Buffer*, TF_Status*))                                          \
  F(int, TF_GraphGetTensorNumDims, (TF_Graph*, TF_Output, TF_Status*))                                                 \
  F(void, TF_GraphGetTensorShape, (TF_Graph*, TF_Output, int64_t*, int, TF_Status*))                                   \
  F(TF_OperationDescription*, TF_NewOperation, (TF_Graph*, const char*, const char*))                                  \
  F(TF_Operation*, TF_FinishOperation, (TF_OperationDescription*, TF_Status*))                                         \
  F(void, TF_AddInput, (TF_OperationDescription*, TF_Output))                                                          \
  F(void, TF_AddInputList, (TF_OperationDescription*, const TF_Output*, int))                                          \
  F(void, TF_SetAttrType, (TF_OperationDescription*, const char*, int))                                                \
  F(void, TF_SetAttrBool, (TF_OperationDescription*, const char*, unsigned char))                                      \
  F(void, TF_SetAttrInt, (TF_OperationDescription*, const char*, int64_t))                                             \
  F(void, TF_SetAttrFloat, (TF_OperationDescription*, const char*, float))                                             \
  F(void, TF_SetAttrIntList, (TF_OperationDescription*, const char*, const int64_t*, int))                             \
  F(void, TF_SetAttrShape, (TF_OperationDescription*, const char*, const int64_t*, int))                               \
  F(void, TF_SetAttrString, (TF_OperationDescription*, const char*, const void*, size_t))                              \
  F(void, TF_SetAttrTensor, (TF_OperationDescription*, const char*, TF_Tensor*, TF_Status*))                           \
  F(int, TF_OperationNumOutputs, (TF_Operation*))                                                                      \
  F(int, TF_OperationOutputType, (TF_Output))                                                                          \
  F(TF_SessionOptions*, TF_NewSessionOptions, ())                                                                      \
  F(void, TF_SetConfig, (TF_SessionOptions*, const void*, size_t, TF_Status*))                                         \
  F(void, TF_DeleteSessionOptions, (TF_SessionOptions*))                                                               \
  F(TF_Session*, TF_NewSession, (TF_Graph*, const TF_SessionOptions*, TF_Status*))                                     \
  F(void, TF_CloseSession, (TF_Session*, TF_Status*))                                                                  \
  F(void, TF_DeleteSession, (TF_Session*, TF_Status*))                                                                 \
  F(void, TF_SessionRun,                                                                                               \
    (TF_Session*, const TF_Buffer*, const TF_Output*, TF_Tensor* const*, int, const TF_Output*, TF_Tensor**, int,      \
     const TF_Operation* const*, int, TF_Buffer*, TF_Status*))                                                         \
  F(TF_Function*, TF_GraphToFunction,                                                                                  \
    (const TF_Graph*, const char*, unsigned char, int, const TF_Operation* const*, int, const TF_Output*, int,         \
     const TF_Output*, const char* const*, const TF_FunctionOptions*, const char*, TF_Status*))                        \
  F(int, TF_NumDims, (const TF_Tensor*))                                                                               \
  F(int64_t, TF_Dim, (const TF_Tensor*, int))                                                                          \
  F(TF_KernelBuilder*, TF_NewKernelBuilder,                                                                            \
    (const char*, const char*, void* (*)(TF_OpKernelConstruction*), void (*)(void*, TF_OpKernelContext*),              \
     void (*)(void*)))                                                                                                 \
  F(void, TF_KernelBuilder_TypeConstraint, (TF_KernelBuilder*, const char*, int, TF_Status*))                          \
  F(void, TF_KernelBuilder_Priority, (TF_KernelBuilder*, int32_t))                                                     \
  F(void, TF_RegisterKernelBuilder, (const char*, TF_KernelBuilder*, TF_Status*))                                      \
  F(void, TF_GetInput, (TF_OpKernelContext*, int, TF_Tensor**, TF_Status*))                                            \
  F(TF_Tensor*, TF_ForwardInputOrAllocateOutput,                                                                       \
    (TF_OpKernelContext*, const int*, int, int, const int64_t*, int, int*, TF_Status*))                                \
  F(void, TF_OpKernelContext_Failure, (TF_OpKernelContext*, TF_Status*))                                               \
  F(void, TF_DeleteFunction, (TF_Function*))
