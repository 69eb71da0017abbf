// A server with a framework, a setting and a page.
package main

import (
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"gopkg.in/yaml.v3"
)

var version = "dev"

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	text, _ := yaml.Marshal(map[string]string{"id": uuid.NewString(), "version": version})
	router := gin.Default()
	router.GET("/", func(c *gin.Context) { c.String(http.StatusOK, string(text)) })
	router.Run(":" + port)
}
