/** Required before anything else in a process that computes tensors in float64. */
import { enterFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';

enterFloat64Realm();
