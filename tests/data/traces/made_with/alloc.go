// Allocates for some seconds with a live set that turns over; asks for a collection every second if told to.
package main

import (
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"time"
)

func main() {
	seconds, _ := strconv.ParseFloat(os.Args[1], 64)
	ask := len(os.Args) > 2 && os.Args[2] == "runtime.GC"
	live := make([][]byte, 8000)
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	next := time.Now().Add(time.Second)
	for time.Now().Before(end) {
		for i := 0; i < 500; i++ {
			live[rand.Intn(len(live))] = make([]byte, 256+rand.Intn(2048))
		}
		if ask && time.Now().After(next) {
			runtime.GC()
			next = next.Add(time.Second)
		}
		time.Sleep(4 * time.Millisecond)
	}
}
