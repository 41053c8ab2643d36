namespace PolyArb.Domain;
