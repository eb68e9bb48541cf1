// W2 by hand, as a careful engineer would write it for Python in C who knows the one policy: take
// what the decision needs from the dicts, decide, answer True or False. No reasons, no id.
//
// walk.decide(user, model, dataset, request) -> bool. Raises KeyError and TypeError.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define KEYS(X)                                                                              \
  X(department) X(clearance) X(roles) X(region) X(mfa) X(stage) X(risk_tier) X(owner_department) \
  X(classification) X(tags) X(purpose) X(action) X(ip) X(hour) X(rate_per_min)

#define DECLARE(name) static PyObject* key_##name;
KEYS(DECLARE)

// A text in place. Texts that are not ASCII equal none of the policy's.
typedef struct {
  const char* bytes;
  Py_ssize_t size;
} Text;

static PyObject* member(PyObject* dict, PyObject* key) {
  PyObject* const value = PyDict_GetItemWithError(dict, key);
  if (value == NULL && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, key);
  return value;
}

static bool wrong_type(PyObject* key) {
  PyErr_Format(PyExc_TypeError, "%U is of the wrong type", key);
  return false;
}

static bool text_of(PyObject* value, Text* text) {
  if (!PyUnicode_CheckExact(value)) return false;
  if (PyUnicode_IS_COMPACT_ASCII(value)) {
    text->bytes = (const char*)PyUnicode_DATA(value);
    text->size = PyUnicode_GET_LENGTH(value);
    return true;
  }
  text->bytes = PyUnicode_AsUTF8AndSize(value, &text->size);
  return text->bytes != NULL;
}

static bool get_text(PyObject* dict, PyObject* key, Text* text) {
  PyObject* const value = member(dict, key);
  return value != NULL && (text_of(value, text) || wrong_type(key));
}

static bool get_integer(PyObject* dict, PyObject* key, long* number) {
  PyObject* const value = member(dict, key);
  if (value == NULL) return false;
  if (!PyLong_CheckExact(value)) return wrong_type(key);
  *number = PyLong_AsLong(value);
  return *number != -1 || !PyErr_Occurred();
}

static bool get_bool(PyObject* dict, PyObject* key, bool* is_true) {
  PyObject* const value = member(dict, key);
  if (value == NULL) return false;
  if (value != Py_True && value != Py_False) return wrong_type(key);
  *is_true = value == Py_True;
  return true;
}

static PyObject* get_list(PyObject* dict, PyObject* key) {
  PyObject* const value = member(dict, key);
  if (value != NULL && !PyList_CheckExact(value)) {
    wrong_type(key);
    return NULL;
  }
  return value;
}

static inline bool equals(Text a, Text b) {
  return a.size == b.size && memcmp(a.bytes, b.bytes, (size_t)a.size) == 0;
}
#define IS(text, literal) equals(text, (Text){literal, sizeof(literal) - 1})

static bool contains(PyObject* list, Text wanted) {
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    Text text;
    if (text_of(PyList_GET_ITEM(list, i), &text) && equals(text, wanted)) return true;
  }
  return false;
}
#define HAS(list, literal) contains(list, (Text){literal, sizeof(literal) - 1})

// a.b.c.d; false for any other text.
static bool address_of(Text text, uint32_t* address) {
  Py_ssize_t at = 0;
  *address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size || text.bytes[at++] != '.')) return false;
    uint32_t value = 0;
    const Py_ssize_t begin = at;
    while (at < text.size && text.bytes[at] >= '0' && text.bytes[at] <= '9' && at - begin < 3) {
      value = value * 10 + (uint32_t)(text.bytes[at++] - '0');
    }
    if (at == begin || value > 255 || (text.bytes[begin] == '0' && at - begin > 1)) return false;
    *address = *address << 8 | value;
  }
  return at == text.size;
}

static bool is_known(uint32_t ip) {
  return (ip & 0xff000000U) == 0x0a000000U || (ip & 0xfff00000U) == 0xac100000U ||
         (ip & 0xffff0000U) == 0xc0a80000U || (ip & 0xffffff00U) == 0xcb007100U ||
         (ip & 0xffffff80U) == 0xc6336400U;
}

typedef struct {
  Text action, purpose, ip, department, region, stage, risk_tier, owner_department, dataset_region;
  long hour, rate, clearance, classification;
  bool mfa;
  PyObject *roles, *tags, *purposes;
} Facts;

static bool read_facts(PyObject* user, PyObject* model, PyObject* dataset, PyObject* request,
                       Facts* f) {
  return get_text(request, key_action, &f->action) && get_text(request, key_purpose, &f->purpose) &&
         get_text(request, key_ip, &f->ip) && get_integer(request, key_hour, &f->hour) &&
         get_integer(request, key_rate_per_min, &f->rate) &&
         get_text(user, key_department, &f->department) &&
         get_text(user, key_region, &f->region) &&
         get_integer(user, key_clearance, &f->clearance) && get_bool(user, key_mfa, &f->mfa) &&
         (f->roles = get_list(user, key_roles)) != NULL &&
         get_text(model, key_stage, &f->stage) && get_text(model, key_risk_tier, &f->risk_tier) &&
         get_text(model, key_owner_department, &f->owner_department) &&
         get_text(dataset, key_region, &f->dataset_region) &&
         get_integer(dataset, key_classification, &f->classification) &&
         (f->tags = get_list(dataset, key_tags)) != NULL &&
         (f->purposes = get_list(dataset, key_purpose)) != NULL;
}

static bool builds_models(const Facts* f) {
  return HAS(f->roles, "ml_engineer") || HAS(f->roles, "data_scientist");
}

static bool is_permitted(const Facts* f, bool has_ip, uint32_t ip) {
  if (IS(f->action, "read")) {
    if (equals(f->department, f->owner_department) && f->clearance >= f->classification) return true;
    if (f->classification == 0) return true;
  } else if (IS(f->action, "infer")) {
    if (IS(f->stage, "production")) {
      if (f->clearance >= 1 && f->hour >= 6 && f->hour < 22) return true;
    } else if (IS(f->stage, "staging")) {
      if (equals(f->department, f->owner_department) && builds_models(f)) return true;
    }
  } else if (IS(f->action, "train")) {
    if (f->clearance >= f->classification && builds_models(f) && contains(f->purposes, f->purpose)) {
      return true;
    }
  } else if (IS(f->action, "deploy")) {
    if (IS(f->stage, "staging") && f->mfa && f->hour >= 8 && f->hour < 18 &&
        (HAS(f->roles, "ml_engineer") || HAS(f->roles, "admin"))) {
      return true;
    }
  }
  return f->mfa && HAS(f->roles, "admin") && has_ip && (ip & 0xff000000U) == 0x0a000000U;
}

static bool is_denied(const Facts* f, bool has_ip, uint32_t ip) {
  if (IS(f->action, "deploy") && HAS(f->roles, "intern")) return true;
  if (!IS(f->dataset_region, "global") && !equals(f->dataset_region, f->region)) return true;
  if (HAS(f->tags, "pii") && !contains(f->purposes, f->purpose)) return true;
  if (f->rate > 600) return true;
  if (!f->mfa && (IS(f->risk_tier, "high") || IS(f->risk_tier, "critical"))) return true;
  return !has_ip || !is_known(ip);
}

static PyObject* decide(PyObject* self, PyObject* const* values, Py_ssize_t count) {
  (void)self;
  if (count != 4 || !PyDict_CheckExact(values[0]) || !PyDict_CheckExact(values[1]) ||
      !PyDict_CheckExact(values[2]) || !PyDict_CheckExact(values[3])) {
    PyErr_SetString(PyExc_TypeError, "decide takes four dicts");
    return NULL;
  }
  Facts facts;
  if (!read_facts(values[0], values[1], values[2], values[3], &facts)) return NULL;
  uint32_t ip = 0;
  const bool has_ip = address_of(facts.ip, &ip);
  return PyBool_FromLong(is_permitted(&facts, has_ip, ip) && !is_denied(&facts, has_ip, ip));
}

static PyMethodDef methods[] = {
    {"decide", (PyCFunction)(void (*)(void))decide, METH_FASTCALL, "Decides a W2 request."},
    {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "walk", .m_size = -1,
                                    .m_methods = methods};

PyMODINIT_FUNC PyInit_walk(void) {
#define INTERN(name) \
  if ((key_##name = PyUnicode_InternFromString(#name)) == NULL) return NULL;
  KEYS(INTERN)
  return PyModule_Create(&module);
}
