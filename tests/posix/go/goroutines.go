// SPDX-License-Identifier: BSD-2-Clause

// Goroutines, channels, timers, and what the runtime wants of a system.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	var sum int64
	var all sync.WaitGroup
	for i := 0; i < 100; i++ {
		all.Add(1)
		go func(n int64) {
			defer all.Done()
			for k := int64(0); k < 100; k++ {
				atomic.AddInt64(&sum, n)
				runtime.Gosched()
			}
		}(int64(i))
	}
	all.Wait()
	fmt.Println("goroutines", sum)

	numbers := make(chan int)
	go func() {
		for i := 0; i < 1000; i++ {
			numbers <- i
		}
		close(numbers)
	}()
	total := 0
	for n := range numbers {
		total += n
	}
	fmt.Println("channel", total)

	ticks := 0
	ticker := time.NewTicker(5 * time.Millisecond)
	end := time.After(time.Minute) // on a busy machine
	for ticks < 3 {
		select {
		case <-ticker.C:
			ticks++
		case <-end:
			fmt.Println("late")
			ticks = 3
		}
	}
	ticker.Stop()
	fmt.Println("ticks", ticks)

	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println("signal", <-caught)

	read, write, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		time.Sleep(10 * time.Millisecond)
		write.Write([]byte("through a pipe"))
		write.Close()
	}()
	text := make([]byte, 32)
	n, err := read.Read(text)
	fmt.Println(string(text[:n]), err)

	// a busy goroutine is preempted by a signal to its thread
	var stop int32
	go func() {
		for atomic.LoadInt32(&stop) == 0 {
		}
	}()
	runtime.GC()
	atomic.StoreInt32(&stop, 1)
	keep := [][]byte{}
	for i := 0; i < 64; i++ {
		keep = append(keep, make([]byte, 1<<18))
	}
	fmt.Println("heap", len(keep), runtime.NumGoroutine() > 0)
	defer func() {
		fmt.Println("panic", recover())
		os.Exit(3)
	}()
	var nowhere *int
	*nowhere = 1
}
