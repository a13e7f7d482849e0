"""Steps of this room: releasing and amending reports, sending progress reports, making the files of both."""
