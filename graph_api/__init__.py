"""The service: builder, generations, query workers, SPARQL, linked data, portal and command line."""
