"""The Folium map of a selection and a day: one file that opens from a mail without a network."""
