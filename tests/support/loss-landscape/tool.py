"""
What tomgoldstein/loss-landscape (MIT licence, copyright 2018 Hao Li, Zheng Xu, Gavin Taylor, Christoph Studer, Tom
Goldstein) does with its files, with NumPy in the place of torch: h5_util.write_list and read_list,
plot_surface.setup_surface_file and the filling of crunch, scheduler.get_unplotted_indices, net_plotter.load_directions,
projection.nplist_to_tensor and project_2D, what setup_PCA_directions writes, and the reading part of
plot_2D.plot_2d_contour and plot_1D.plot_1d_loss_err. Reads one JSON request from standard input, prints one JSON answer.
"""

import json
import sys

import h5py
import numpy as np


def write_list(f, name, direction):
    grp = f.create_group(name)
    for i, l in enumerate(direction):
        grp.create_dataset(str(i), data=l)


def read_list(f, name):
    grp = f[name]
    return [grp[str(i)] for i in range(len(grp))]


def load_directions(f):
    if "ydirection" in f.keys():
        return [read_list(f, "xdirection"), read_list(f, "ydirection")]
    return [read_list(f, "xdirection")]


def nplist_to_tensor(nplist):
    v = []
    for d in nplist:
        w = np.array(d) * np.float64(1.0)
        if w.ndim > 1:
            v.append(w.ravel())
        elif w.ndim == 1:
            v.append(w)
    return np.concatenate(v)


def project_1D(w, d):
    return float(np.dot(w, d) / np.linalg.norm(d))


def project_2D(d, dx, dy, proj_method):
    if proj_method == "cos":
        return project_1D(d, dx), project_1D(d, dy)
    A = np.vstack([dx, dy]).T
    x, y = np.linalg.lstsq(A, d, rcond=None)[0]
    return float(x), float(y)


def get_unplotted_indices(vals, xcoordinates, ycoordinates=None):
    inds = np.array(range(vals.size))
    inds = inds[vals.ravel() <= 0]
    if ycoordinates is not None:
        xcoord_mesh, ycoord_mesh = np.meshgrid(xcoordinates, ycoordinates)
        s1 = xcoord_mesh.ravel()[inds]
        s2 = ycoord_mesh.ravel()[inds]
        return inds, np.c_[s1, s2]
    return inds, xcoordinates.ravel()[inds]


def setup_surface_file(surf_file, dir_file, x, y):
    f = h5py.File(surf_file, "a")
    f["dir_file"] = dir_file
    f["xcoordinates"] = np.linspace(x[0], x[1], num=x[2])
    if y:
        f["ycoordinates"] = np.linspace(y[0], y[1], num=y[2])
    f.close()


def crunch(surf_file, loss_key, acc_key, most, fill=-1.0, fill2=-1.0):
    """As crunch and crunch_hessian_eigs: makes the arrays where they are missing and fills at most `most` cells."""
    f = h5py.File(surf_file, "r+")
    xcoordinates = f["xcoordinates"][:]
    ycoordinates = f["ycoordinates"][:] if "ycoordinates" in f.keys() else None
    if loss_key not in f.keys():
        shape = xcoordinates.shape if ycoordinates is None else (len(xcoordinates), len(ycoordinates))
        losses = fill * np.ones(shape=shape)
        accuracies = fill2 * np.ones(shape=shape)
        f[loss_key] = losses
        f[acc_key] = accuracies
    else:
        losses = f[loss_key][:]
        accuracies = f[acc_key][:]
    inds, coords = get_unplotted_indices(losses, xcoordinates, ycoordinates)
    for count, ind in enumerate(inds[:most]):
        loss, acc = plane(np.atleast_1d(coords[count]))
        losses.ravel()[ind] = loss
        accuracies.ravel()[ind] = acc
    f[loss_key][:] = losses
    f[acc_key][:] = accuracies
    f.close()
    return len(inds)


def plane(at):
    """The test's own loss and accuracy: both depend on x and y differently, so no mistaken order goes unseen."""
    x, y = (list(at) + [0.0])[:2]
    return float(10 + x + 100 * y), float(50 + x - 10 * y)


def write_surface(request):
    setup_surface_file(request["file"], request["dir_file"], request["x"], request.get("y"))
    crunch(request["file"], "train_loss", "train_acc", request["most"])
    if request.get("eigenvalues"):
        crunch(request["file"], "max_eig", "min_eig", request["most"], -1.0, 1.0)
    if request.get("test"):
        crunch(request["file"], "test_loss", "test_acc", request["most"])


def read_surface(request):
    """plot_2D.plot_2d_contour, plot_1D.plot_1d_loss_err: X, Y, Z as they go into the plots."""
    f = h5py.File(request["file"], "r")
    answer = {"keys": sorted(f.keys()), "dir_file": f["dir_file"][()].decode()}
    x = np.array(f["xcoordinates"][:])
    if "ycoordinates" in f.keys():
        y = np.array(f["ycoordinates"][:])
        X, Y = np.meshgrid(x, y)
        answer["Y"] = Y.tolist()
    else:
        X, y = x, None
    answer["X"] = X.tolist()
    for name in request["names"]:
        Z = np.array(f[name][:])
        assert Z.shape == X.shape, "matplotlib wants X, Y and Z of one shape"
        answer[name] = Z.tolist()
    answer["unplotted"] = get_unplotted_indices(f[request["names"][0]][:], x, y)[0].tolist()
    f.close()
    return answer


def write_direction(request):
    f = h5py.File(request["file"], "w")
    for name, tensors in request["directions"].items():
        write_list(f, name, [np.array(t["data"], t["dtype"]).reshape(t["shape"]) for t in tensors])
    for name in ["explained_variance_ratio_", "singular_values_", "explained_variance_"]:
        if name in request:
            f[name] = np.array(request[name])
    f.close()


def read_direction(request):
    f = h5py.File(request["file"], "r")
    directions = load_directions(f)
    answer = {
        "directions": [[{"shape": list(t.shape), "dtype": t.dtype.name, "data": np.array(t).ravel().tolist()} for t in d] for d in directions],
        "ratio": f["explained_variance_ratio_"][:].tolist() if "explained_variance_ratio_" in f.keys() else None,
        "vectors": [nplist_to_tensor(d).tolist() for d in directions],
    }
    f.close()
    return answer


def write_projection(request):
    """project_trajectory for differences w given as lists of tensors' numbers."""
    f = h5py.File(request["dir_file"], "r")
    dx, dy = [nplist_to_tensor(d) for d in load_directions(f)]
    f.close()
    xy = [project_2D(np.array(w), dx, dy, request["method"]) for w in request["differences"]]
    f = h5py.File(request["file"], "w")
    f["proj_xcoord"] = np.array([x for x, _ in xy])
    f["proj_ycoord"] = np.array([y for _, y in xy])
    f.close()
    A = np.vstack([dx, dy]).T
    return {"lstsq": [np.linalg.lstsq(A, np.array(w), rcond=None)[0].tolist() for w in request["differences"]]}


def read_all(request):
    """Everything in a file by h5py, for files that are none of the tool's."""
    out = {}

    def attributes(node):
        return {k: (v if isinstance(v, str) else np.array(v).tolist()) for k, v in node.attrs.items()}

    def visit(name, node):
        if isinstance(node, h5py.Dataset):
            value = node[()]
            if isinstance(value, bytes):
                value = value.decode()
            elif value.dtype == object:
                value = [v.decode() for v in value]
            else:
                value = value.tolist()
            out[name] = {"shape": list(node.shape), "value": value, "attributes": attributes(node)}

    with h5py.File(request["file"], "r") as f:
        f.visititems(visit)
        out["/"] = {"attributes": attributes(f)}
    return out


def fill(request):
    return crunch(request["file"], "train_loss", "train_acc", request["most"])


def main():
    answers = []
    for request in json.load(sys.stdin):
        answers.append(globals()[request["do"]](request))
    print(json.dumps(answers))


main()
