/** Last part of an image's name with tag or digest: which registry it came from, or was swapped to, says nothing of what it is. */
export function imageName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}
